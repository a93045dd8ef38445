import { isFromOwnPage } from "@opta/auth/origin-check";
import type { AccountsContext } from "../accounts-context.ts";
import { bearerToken, readDevice } from "../devices/read-device.ts";
import { liveSession } from "../session/live-session.ts";
import { accountServiceUnreachable, refusal } from "../session/response.ts";

/** Who asks for a vault: a person with a session, or a device of theirs. */
export interface VaultCaller {
	/** Null for a person. */
	readonly deviceId: string | null;
	/** The person's token; a device has none, accounts vouches for it. */
	readonly accessToken: string | undefined;
	/** For the answer, when the session was refreshed on the way. */
	readonly setCookies: readonly string[];
}

/** The caller, or the answer that refuses it. */
export type IdentifiedCaller = { readonly ok: true; readonly caller: VaultCaller } | { readonly ok: false; readonly response: Response };

/** Finds out who sends a request. */
export type IdentifyCaller = (context: AccountsContext, request: Request) => Promise<IdentifiedCaller>;

function refuse(...reason: Parameters<typeof refusal>): IdentifiedCaller {
	return { ok: false, response: refusal(...reason) };
}

async function identifyDevice(context: AccountsContext, request: Request, token: string): Promise<IdentifiedCaller> {
	if (request.headers.has("origin")) {
		return refuse("foreign_origin", "Devices are programs; a page cannot speak for one.");
	}
	const verdict = await readDevice(context, token);
	switch (verdict.state) {
		case "live":
			return { ok: true, caller: { deviceId: verdict.device.deviceId, accessToken: undefined, setCookies: [] } };
		case "ended":
			return refuse("unauthenticated", "This device was signed out; sign it in again.");
		case "none":
			return refuse("session_expired", "The device's access token is over; refresh it and try again.");
		case "unavailable":
			return refuse("unavailable", accountServiceUnreachable);
	}
}

async function identifyPerson(context: AccountsContext, request: Request): Promise<IdentifiedCaller> {
	const changes = request.method !== "GET";
	if (changes && !isFromOwnPage(request.headers, context.configuration.addressing, "accounts")) {
		return refuse("foreign_origin", "This was not sent by a page of accounts; open the vault and try again.");
	}
	const live = await liveSession(context, request.headers.get("cookie"));
	switch (live.state) {
		case "signedIn":
			return { ok: true, caller: { deviceId: null, accessToken: live.session.accessToken, setCookies: live.setCookies } };
		case "signedOut":
			return refuse("unauthenticated", "Nobody is signed in; sign in at accounts.");
		case "duplicateCookie":
			return refuse("invalid_request", "The request carries two session cookies; remove the cookies of these sites and sign in again.");
		case "unavailable":
			return refuse("unavailable", accountServiceUnreachable);
	}
}

/** A device by its token, else a person by the session cookie; a person's changes must come from accounts' own pages. */
export const identifyVaultCaller: IdentifyCaller = async (context, request) => {
	const token = bearerToken(request.headers);
	return token === undefined ? identifyPerson(context, request) : identifyDevice(context, request, token);
};
