import { parseCookieHeader } from "@opta/auth/cookie-header";
import { z } from "zod";
import { serializeCookie } from "../session/set-cookie.ts";
import { openSecret, sealSecret } from "./seal-secret.ts";

const cookieName = "__Host-opta-new-codes";
const lifeSeconds = 600;
const options = { path: "/", secure: true, httpOnly: true, sameSite: "strict" } as const;
const codesSchema = z.array(z.string()).max(20);

/** The `Set-Cookie` line that carries new recovery codes, sealed, to the page that shows them once. */
export function keepNewCodes(portalKey: string, userId: string, codes: readonly string[]): string {
	const sealed = sealSecret(portalKey, userId, Buffer.from(JSON.stringify(codes)));
	return serializeCookie(cookieName, sealed, { ...options, maxAge: lifeSeconds });
}

/** Reads them; null when there are none for this person. */
export function readNewCodes(portalKey: string, userId: string, cookieHeader: string | null): readonly string[] | null {
	const cookie = parseCookieHeader(cookieHeader).find(({ name }) => name === cookieName);
	const opened = cookie === undefined ? null : openSecret(portalKey, userId, cookie.value);
	return opened === null ? null : codesSchema.parse(JSON.parse(Buffer.from(opened).toString("utf8")));
}

/** The `Set-Cookie` line that ends them. */
export function dropNewCodes(): string {
	return serializeCookie(cookieName, "", { ...options, maxAge: 0 });
}
