import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Waits for a browser to come back from a sign-in (RFC 8252, loopback redirect). */
export interface SignInCallback {
	readonly redirectUrl: string;
	/** The code; rejects where the person refused, the state is not ours, or nobody came. */
	readonly code: Promise<string>;
	readonly close: () => void;
}

const page = (text: string) =>
	`<!doctype html><meta charset="utf-8"><title>Opta</title><body style="font:16px system-ui;margin:4rem auto;max-width:32rem"><p>${text}</p>`;

function same(a: string, b: string): boolean {
	const digest = (text: string) => createHash("sha256").update(text).digest();
	return timingSafeEqual(digest(a), digest(b));
}

/** Listens on a free port of 127.0.0.1 for one answer that carries this state. */
export async function listenForSignIn(state: string, timeoutMs: number): Promise<SignInCallback> {
	const answer = Promise.withResolvers<string>();
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? "/", "http://127.0.0.1");
		const code = url.searchParams.get("code");
		const ours = url.pathname === "/callback" && same(url.searchParams.get("state") ?? "", state);
		response.setHeader("content-type", "text/html; charset=utf-8");
		response.setHeader("connection", "close");
		if (!ours) {
			response.writeHead(404).end(page("This is not the answer that Opta waits for."));
			return;
		}
		response.end(page(code === null ? "The sign-in was refused. You can close this page." : "You are signed in. You can close this page."));
		if (code === null) {
			answer.reject(new Error("The sign-in was refused."));
		} else {
			answer.resolve(code);
		}
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, "127.0.0.1", resolve);
	});
	const timer = setTimeout(() => answer.reject(new Error("Nobody signed in in time.")), timeoutMs);
	// Whoever closes before the end does not wait for the code.
	answer.promise.catch(() => undefined);
	return {
		redirectUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
		code: answer.promise,
		close: () => {
			clearTimeout(timer);
			answer.reject(new Error("The sign-in was given up."));
			server.close();
			server.closeAllConnections();
		},
	};
}
