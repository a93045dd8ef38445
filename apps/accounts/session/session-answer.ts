import type { SessionResponse } from "@opta/contracts/schema/session";
import { allSiteOrigins, type SiteAddressing } from "@opta/contracts/site-url";
import { readProfile } from "../account/account-data.ts";
import type { AccountsContext } from "../accounts-context.ts";
import { noteSession } from "../sessions/note-session.ts";
import { type LiveSession, liveSession } from "./live-session.ts";
import { accountServiceUnreachable, privateJson, refusal } from "./response.ts";
import { dropSessionCookies } from "./session-cookie-writer.ts";
import { createShare } from "./share-in-flight.ts";

const signedOut: SessionResponse = { signedIn: false };
const preflightSeconds = "600";

/** The headers of many pages ask at once: the back end is asked once for all that hold the same access token. */
const shareProfile = createShare<Awaited<ReturnType<typeof readProfile>>>();
const shareNote = createShare<void>();

function isOurs(addressing: SiteAddressing, origin: string): boolean {
	return allSiteOrigins(addressing).includes(origin);
}

/** Lets pages of the eight sites read the answer, and nobody else. */
function withCors(response: Response, addressing: SiteAddressing, origin: string | null): Response {
	response.headers.append("vary", "Origin");
	if (origin !== null && isOurs(addressing, origin)) {
		response.headers.set("access-control-allow-origin", origin);
		response.headers.set("access-control-allow-credentials", "true");
	}
	return response;
}

async function answerFor(context: AccountsContext, cookieHeader: string | null, live: LiveSession): Promise<Response> {
	switch (live.state) {
		case "duplicateCookie":
			return refusal("invalid_request", "The request carries two session cookies; remove the cookies of these sites and sign in again.");
		case "unavailable":
			return refusal("unavailable", accountServiceUnreachable);
		case "signedOut":
			return privateJson(signedOut, live.setCookies);
		case "signedIn": {
			const profile = await shareProfile(live.session.accessToken, () => readProfile(context.configuration, live.session));
			if (profile.state === "sessionEnded") {
				return privateJson(signedOut, dropSessionCookies(context.configuration.addressing, cookieHeader));
			}
			if (profile.state === "unavailable") {
				const response = refusal("unavailable", accountServiceUnreachable);
				for (const line of live.setCookies) {
					response.headers.append("set-cookie", line);
				}
				return response;
			}
			const session: SessionResponse = { signedIn: true, ...profile.value };
			return privateJson(session, live.setCookies);
		}
	}
}

/** `GET /api/session`: who is signed in, for the headers of all sites; refreshes a session that has ended. */
export async function answerSession(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const origin = request.headers.get("origin");
	if (origin !== null && !isOurs(addressing, origin)) {
		return withCors(refusal("foreign_origin", "Only the sites of this platform may ask who is signed in."), addressing, origin);
	}
	const cookieHeader = request.headers.get("cookie");
	const live = await liveSession(context, cookieHeader);
	if (live.state === "signedIn" && live.setCookies.length > 0) {
		const { accessToken } = live.session;
		await shareNote(accessToken, () => noteSession(context, accessToken, request.headers, null));
	}
	return withCors(await answerFor(context, cookieHeader, live), addressing, origin);
}

/** `OPTIONS /api/session`: the preflight of the Fetch standard. */
export function answerSessionPreflight(context: AccountsContext, request: Request): Response {
	const { addressing } = context.configuration;
	const origin = request.headers.get("origin");
	const response = withCors(new Response(null, { status: 204 }), addressing, origin);
	if (origin !== null && isOurs(addressing, origin)) {
		response.headers.set("access-control-allow-methods", "GET");
		response.headers.set("access-control-allow-headers", "accept, content-type");
		response.headers.set("access-control-max-age", preflightSeconds);
	}
	return response;
}
