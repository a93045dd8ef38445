import { siteOrigin } from "@opta/contracts/site-url";
import { expect } from "vitest";
import { finishProviderSignIn } from "../oauth/finish-sign-in.ts";
import { startProviderSignIn } from "../oauth/start-sign-in.ts";
import type { AccountsBench } from "./accounts-bench.ts";
import { Visitor } from "./visitor.ts";

/** A visitor who also follows links to another service and back. */
export class ProviderVisitor extends Visitor {
	readonly #bench: AccountsBench;

	constructor(bench: AccountsBench) {
		super(bench);
		this.#bench = bench;
	}

	async #get(route: typeof startProviderSignIn, query: URLSearchParams, headers: Readonly<Record<string, string>>): Promise<URL> {
		const request = new Request("http://localhost:3003/auth", { headers: { ...headers, cookie: this.cookieHeader } });
		const response = await route(this.#bench.context, request, query);
		expect([response.status, response.headers.get("cache-control")]).toEqual([303, "private, no-store"]);
		this.keep(response);
		return new URL(response.headers.get("location") ?? "");
	}

	/** A click on a service's button, in a browser that sends Fetch Metadata; answers where it leads. */
	start(query: Readonly<Record<string, string>>): Promise<URL> {
		return this.#get(startProviderSignIn, new URLSearchParams(query), { "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate" });
	}

	/** Follows the redirects of the back end and of the service, until they lead to accounts. */
	async follow(from: URL): Promise<URL> {
		const accounts = siteOrigin(this.#bench.context.configuration.addressing, "accounts");
		let at = from;
		while (at.origin !== accounts) {
			const response = await fetch(at, { redirect: "manual" });
			at = new URL(response.headers.get("location") ?? "", at);
		}
		return at;
	}

	/** Opens the address of `/auth/callback` that a service led to; answers the page that follows. */
	finish(arrived: URL): Promise<URL> {
		return this.#get(finishProviderSignIn, arrived.searchParams, {});
	}

	/** The whole way by GitHub. */
	async through(redirectTo = ""): Promise<URL> {
		return this.finish(await this.follow(await this.start({ provider: "github", redirect_to: redirectTo })));
	}
}
