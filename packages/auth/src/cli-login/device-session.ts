import { deviceHostsPath } from "@opta/contracts/reach";
import { type DeviceIdentity, deviceIdentitySchema } from "@opta/contracts/schema/device-sign-in";
import { type DeviceHost, deviceHostsSchema } from "@opta/contracts/schema/host-claim";
import { type PassResponse, passResponseSchema, type TicketUse } from "@opta/contracts/schema/pass";
import { type SiteAddressing, siteOrigin } from "@opta/contracts/site-url";
import { z } from "zod";
import type { AccountsAnswer } from "../accounts-client/ask-accounts.ts";
import { type AccountsCall, callAccounts } from "./accounts-request.ts";
import type { CredentialStore } from "./credential.ts";
import { requestToken } from "./request-token.ts";
import { SignInError } from "./sign-in-error.ts";

/** Refreshed with this much left, so that what is done with a token still has time. */
const refreshBelowMs = 30_000;
const signedOutMessage = "This device is not signed in. Sign in: opta account login";

/** What a signed-in device does at accounts. */
export interface DeviceSession {
	/** @throws {SignInError} when the device is not signed in any more, or accounts cannot be reached. */
	accessToken(): Promise<string>;
	/** Calls a route of accounts as the device; a token that has just run out is refreshed once. */
	call<T>(call: Omit<AccountsCall<T>, "accessToken" | "proof">): Promise<AccountsAnswer<T>>;
	/** A pass of 60 s for a host. */
	requestPass(hostId: string): Promise<AccountsAnswer<PassResponse>>;
	/** A ticket of 30 s for one opening at a host; `origin` is null for programs. It names this device and its key. */
	requestTicket(hostId: string, use: TicketUse): Promise<AccountsAnswer<PassResponse>>;
	/** The hosts that the device's person may use, where each is, and its public key. */
	listHosts(): Promise<AccountsAnswer<readonly DeviceHost[]>>;
	whoAmI(): Promise<AccountsAnswer<DeviceIdentity>>;
	/** Ends the device at accounts and forgets its credential, which is forgotten too when accounts cannot be reached. */
	signOut(): Promise<{ readonly endedAtAccounts: boolean }>;
}

/** Opens the session of a stored credential. The next refresh token is on disk before the access token is used. */
export function openDeviceSession(
	addressing: SiteAddressing,
	store: CredentialStore,
	way: Pick<AccountsCall<unknown>, "dispatcher"> = {},
): DeviceSession {
	let token: { readonly text: string; readonly expiresAtMs: number } | null = null;
	let refreshing: Promise<string> | null = null;

	const refresh = (): Promise<string> =>
		store.exclusively(async () => {
			const credential = await store.read();
			if (credential === null || credential.issuer !== siteOrigin(addressing, "accounts")) {
				throw new SignInError(signedOutMessage);
			}
			const answer = await requestToken(addressing, credential.key, { grantType: "refresh", refreshToken: credential.refreshToken }, way);
			if (!answer.ok) {
				if (answer.code === "invalid_grant") {
					await store.remove();
					throw new SignInError("This device was signed out. Sign in again: opta account login");
				}
				// What is not accounts' own word, such as a page of what stands before it, says nothing about the sign-in.
				throw new SignInError(answer.message, answer.code === "unknown" ? { cause: answer } : {});
			}
			await store.write({ ...credential, refreshToken: answer.value.refreshToken });
			token = { text: answer.value.accessToken, expiresAtMs: Date.parse(answer.value.expiresAt) };
			return token.text;
		});

	const accessToken = async (): Promise<string> => {
		if (token !== null && token.expiresAtMs - Date.now() > refreshBelowMs) {
			return token.text;
		}
		refreshing ??= refresh().finally(() => {
			refreshing = null;
		});
		return refreshing;
	};

	const call = async <T>(wanted: Omit<AccountsCall<T>, "accessToken" | "proof">): Promise<AccountsAnswer<T>> => {
		const answer = await callAccounts(addressing, { ...wanted, ...way, accessToken: await accessToken() });
		if (answer.ok || answer.code !== "session_expired") {
			return answer;
		}
		token = null;
		return callAccounts(addressing, { ...wanted, ...way, accessToken: await accessToken() });
	};

	return {
		accessToken,
		call,
		requestPass: (hostId) => call({ method: "POST", path: "/api/pass", schema: passResponseSchema, body: { hostId } }),
		requestTicket: (hostId, ticket) => call({ method: "POST", path: "/api/pass", schema: passResponseSchema, body: { hostId, ticket } }),
		async listHosts() {
			const answer = await call({ method: "GET", path: deviceHostsPath, schema: deviceHostsSchema });
			return answer.ok ? { ok: true, value: answer.value.hosts } : answer;
		},
		whoAmI: () => call({ method: "GET", path: "/api/device", schema: deviceIdentitySchema }),
		async signOut() {
			try {
				const ended = await call({ method: "DELETE", path: "/api/device", schema: z.object({ signedOut: z.boolean() }) });
				return { endedAtAccounts: ended.ok };
			} catch (error) {
				if (error instanceof SignInError) {
					return { endedAtAccounts: false };
				}
				throw error;
			} finally {
				token = null;
				await store.remove();
			}
		},
	};
}
