import { sessionCookieName } from "@opta/contracts/session-cookie";
import { parseCookieHeader } from "./cookie-header.ts";

/** The tokens in a session cookie. Nothing else in it is read: whoever sends a cookie can write anything beside them. */
export interface SessionTokens {
	readonly accessToken: string;
	readonly refreshToken: string | null;
}

/** What the session cookie of a request holds. */
export type SessionCookie =
	| { readonly state: "absent" }
	| { readonly state: "duplicate" }
	| ({ readonly state: "present" } & SessionTokens);

const encodedPrefix = "base64-";
const chunkName = new RegExp(`^${sessionCookieName}(?:\\.(?:0|[1-9][0-9]*))?$`);

/** True for the name of the session cookie and of its chunks. */
export function isSessionCookieName(name: string): boolean {
	return chunkName.test(name);
}

function decode(value: string): unknown {
	const text = value.startsWith(encodedPrefix) ? Buffer.from(value.slice(encodedPrefix.length), "base64url").toString("utf8") : value;
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function joinChunks(values: ReadonlyMap<string, string>): string {
	const whole = values.get(sessionCookieName);
	if (whole !== undefined && whole !== "") {
		return whole;
	}
	let joined = "";
	for (let index = 0; ; index += 1) {
		const chunk = values.get(`${sessionCookieName}.${index}`);
		if (chunk === undefined || chunk === "") {
			return joined;
		}
		joined += chunk;
	}
}

/**
 * Reads the session cookie in the format of `@supabase/ssr` (docs/design.md there): `base64-` and the base64url of
 * the session as JSON, in one cookie or in chunks `<name>.0`, `<name>.1`, …. A request that carries one of these
 * names twice is a `duplicate`: one of the two was planted by somebody else.
 */
export function readSessionCookie(cookieHeader: string | null | undefined): SessionCookie {
	const values = new Map<string, string>();
	for (const { name, value } of parseCookieHeader(cookieHeader)) {
		if (!isSessionCookieName(name)) {
			continue;
		}
		if (values.has(name)) {
			return { state: "duplicate" };
		}
		values.set(name, value);
	}
	const session = decode(joinChunks(values));
	if (typeof session !== "object" || session === null || !("access_token" in session) || typeof session.access_token !== "string") {
		return { state: "absent" };
	}
	const refreshToken = "refresh_token" in session && typeof session.refresh_token === "string" ? session.refresh_token : null;
	return { state: "present", accessToken: session.access_token, refreshToken };
}
