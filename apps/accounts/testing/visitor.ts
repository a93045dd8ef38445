import { readSessionCookie } from "@opta/auth/session-cookie";
import { sessionCookieName } from "@opta/contracts/session-cookie";
import { siteOrigin } from "@opta/contracts/site-url";
import { decodeJwt, SignJWT } from "jose";
import { expect } from "vitest";
import type { AccountsContext } from "../accounts-context.ts";
import { confirmAddress } from "../forms/confirm-address.ts";
import { signUp } from "../forms/sign-up.ts";
import { answerSession } from "../session/session-answer.ts";
import type { AccountsBench } from "./accounts-bench.ts";

/** A browser as far as these tests need one: it keeps cookies by name and sends forms from accounts' own pages. */
export class Visitor {
	readonly cookies = new Map<string, string>();
	readonly #bench: AccountsBench;

	constructor(bench: AccountsBench) {
		this.#bench = bench;
	}

	get cookieHeader(): string {
		return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
	}

	/** Sends a form; answers where the browser is led. */
	async post(route: (context: AccountsContext, request: Request) => Promise<Response>, fields: Record<string, string>): Promise<URL> {
		const body = new URLSearchParams(fields).toString();
		const request = new Request("http://localhost:3003/form", { method: "POST", body, headers: this.#headers(body) });
		const response = await route(this.#bench.context, request);
		expect([response.status, response.headers.get("cache-control")]).toEqual([303, "private, no-store"]);
		this.keep(response);
		return new URL(response.headers.get("location") ?? "");
	}

	#headers(body: string): Record<string, string> {
		return {
			origin: siteOrigin(this.#bench.context.configuration.addressing, "accounts"),
			"content-type": "application/x-www-form-urlencoded",
			"content-length": String(body.length),
			cookie: this.cookieHeader,
		};
	}

	keep(response: Response): void {
		for (const line of response.headers.getSetCookie()) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			if (line.includes("Max-Age=0;")) {
				this.cookies.delete(name);
			} else {
				this.cookies.set(name, value);
			}
		}
	}

	session(): Promise<Response> {
		const request = new Request("http://localhost:3003/api/session", { headers: { cookie: this.cookieHeader } });
		return answerSession(this.#bench.context, request);
	}

	get tokens(): { accessToken: string; refreshToken: string | null } {
		const cookie = readSessionCookie(this.cookieHeader);
		return cookie.state === "present" ? cookie : { accessToken: "", refreshToken: null };
	}

	/** Puts an access token that ended a minute ago, rightly signed, into the cookie. */
	async age(): Promise<void> {
		const { sub = "", email, session_id } = decodeJwt(this.tokens.accessToken);
		const token = await new SignJWT({ sub, email, session_id, aud: "authenticated", role: "authenticated" })
			.setProtectedHeader({ alg: "HS256" })
			.setExpirationTime(Math.floor(Date.now() / 1000) - 60)
			.sign(new TextEncoder().encode(this.#bench.jwtSecret));
		const session = JSON.stringify({ access_token: token, refresh_token: this.tokens.refreshToken });
		this.cookies.set(sessionCookieName, `base64-${Buffer.from(session).toString("base64url")}`);
	}
}

interface Mail {
	readonly subject: string;
	readonly links: readonly unknown[];
}

/** The mails to an address, newest first; waits until there is one. */
export async function mailsTo(bench: AccountsBench, email: string): Promise<readonly Mail[]> {
	const answer = await fetch(`${bench.mailbox}/api/messages?to=${encodeURIComponent(email)}&waitMs=10000`);
	return (await answer.json()).messages;
}

/** The fields of the newest mail link to somebody. */
export async function newestLink(bench: AccountsBench, email: string): Promise<{ token_hash: string; type: string }> {
	const [mail] = await mailsTo(bench, email);
	const [, query] = /\/auth\/confirm\?([^"]+)/.exec(JSON.stringify(mail?.links)) ?? [];
	const parameters = new URLSearchParams(query);
	return { token_hash: parameters.get("token_hash") ?? "", type: parameters.get("type") ?? "" };
}

/** A visitor with a new account. */
export async function signedUp(bench: AccountsBench, email: string, password = "correct horse battery"): Promise<Visitor> {
	const visitor = new Visitor(bench);
	await visitor.post(signUp, { name: "Ada Lovelace", email, password });
	await visitor.post(confirmAddress, { ...(await newestLink(bench, email)), password });
	expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
	return visitor;
}
