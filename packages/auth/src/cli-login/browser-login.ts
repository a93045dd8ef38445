import { createHash, randomBytes } from "node:crypto";
import type { DeviceKind } from "@opta/contracts/schema/device-sign-in";
import { type SiteAddressing, siteUrl } from "@opta/contracts/site-url";
import { confirmCode } from "../device-credential/confirm-code.ts";
import { createDeviceKey, thumbprintOf } from "../device-credential/device-key.ts";
import { listenForCallback } from "./callback-listener.ts";
import type { DeviceCredential } from "./credential.ts";
import { credentialOf, requestToken } from "./request-token.ts";
import { SignInError } from "./sign-in-error.ts";

/** Where the terminal listens if nobody else does. */
export const preferredCallbackPort = 9998;

/** Who signs in where, and how the person is talked to. */
export interface BrowserLogin {
	readonly addressing: SiteAddressing;
	readonly deviceName: string;
	readonly kind: DeviceKind;
	/** False: nothing listens, the person types the code (a terminal on another machine than the browser). */
	readonly listens: boolean;
	/** Shows the link and the code to compare, and opens the browser. */
	show(step: { readonly url: string; readonly confirmCode: string; readonly port: number | null }): void;
	/** Asks for the code that the page shows; null where there is nobody to ask. Rejects when the signal aborts. */
	readonly askForCode: ((signal: AbortSignal) => Promise<string>) | null;
	readonly timeoutMs: number;
	readonly signal: AbortSignal;
}

async function waitForCode(login: BrowserLogin, fromBrowser: Promise<string> | null): Promise<string> {
	const done = new AbortController();
	const limit = AbortSignal.any([login.signal, AbortSignal.timeout(login.timeoutMs)]);
	const stopped = new Promise<never>((_, reject) => {
		limit.addEventListener(
			"abort",
			() =>
				reject(
					login.signal.aborted
						? login.signal.reason
						: new SignInError("Nobody approved this terminal in time. Start again: opta account login"),
				),
			{ once: true },
		);
	});
	const typed = login.askForCode?.(AbortSignal.any([limit, done.signal])).then((text) => text.trim());
	// A question that is still open when the browser has answered is taken back; that is no failure.
	typed?.catch(() => undefined);
	try {
		return await Promise.race([stopped, ...(fromBrowser === null ? [] : [fromBrowser]), ...(typed === undefined ? [] : [typed])]);
	} finally {
		done.abort();
	}
}

/**
 * Signs a device in through the browser: PKCE (S256), state, a code to compare, and a proof of the device's new key.
 * @throws {SignInError} when it was refused, took too long, or accounts cannot be reached; the signal's reason when that aborts.
 */
export async function signInWithBrowser(login: BrowserLogin): Promise<DeviceCredential> {
	const { addressing, deviceName, kind } = login;
	const key = await createDeviceKey();
	const codeVerifier = randomBytes(32).toString("base64url");
	const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
	const state = randomBytes(24).toString("base64url");
	const thumbprint = await thumbprintOf(key);
	const listener = login.listens ? await listenForCallback(state, preferredCallbackPort) : null;
	try {
		if (listener === null && login.askForCode === null) {
			throw new SignInError(
				"No port on 127.0.0.1 can be had, and there is no terminal to type a code in. Use the sign-in with a device code.",
			);
		}
		const query = new URLSearchParams({ challenge, state, key: thumbprint, name: deviceName, kind });
		if (listener !== null) {
			query.set("port", String(listener.port));
		}
		login.show({
			url: siteUrl(addressing, "accounts", `/cli?${query}`),
			confirmCode: confirmCode(challenge, thumbprint),
			port: listener?.port ?? null,
		});
		const code = await waitForCode(login, listener?.code ?? null);
		const answer = await requestToken(addressing, key, { grantType: "code", code, codeVerifier }, { signal: login.signal });
		if (!answer.ok) {
			throw new SignInError(answer.message);
		}
		return credentialOf(addressing, key, answer.value);
	} finally {
		listener?.close();
	}
}
