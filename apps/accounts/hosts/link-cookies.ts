import { parseCookieHeader } from "@opta/auth/cookie-header";
import { z } from "zod";
import { openSecret, sealSecret } from "../second-factor/seal-secret.ts";
import { serializeCookie } from "../session/set-cookie.ts";

const newLinkCookie = "__Host-opta-new-invite";
const newLinkSeconds = 600;
const heldLinkCookie = "__Host-opta-invite";
const heldLinkSeconds = 3600;
const options = { path: "/", secure: true, httpOnly: true } as const;
const newLinkSchema = z.object({ hostId: z.uuid(), secret: z.string() });

/** The secret of an invitation link: 256 random bits, base64url. It stands in the link's fragment, which no server is sent. */
export const linkSecretPattern = /^[A-Za-z0-9_-]{43}$/;

/** A link that was just made. */
export type NewLink = z.infer<typeof newLinkSchema>;

function cookieValue(cookieHeader: string | null, wanted: string): string | undefined {
	return parseCookieHeader(cookieHeader).find(({ name }) => name === wanted)?.value;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** The `Set-Cookie` line that carries a new link, sealed, to the page that shows it once. */
export function keepNewLink(portalKey: string, userId: string, link: NewLink): string {
	const sealed = sealSecret(portalKey, userId, Buffer.from(JSON.stringify(link)));
	return serializeCookie(newLinkCookie, sealed, { ...options, sameSite: "strict", maxAge: newLinkSeconds });
}

/** The secret of the new link to a host; null when there is none for this person. */
export function readNewLink(portalKey: string, userId: string, hostId: string, cookieHeader: string | null): string | null {
	const sealed = cookieValue(cookieHeader, newLinkCookie);
	const opened = sealed === undefined ? null : openSecret(portalKey, userId, sealed);
	const link = opened === null ? undefined : newLinkSchema.safeParse(parse(Buffer.from(opened).toString("utf8"))).data;
	return link?.hostId === hostId ? link.secret : null;
}

/** The `Set-Cookie` line that ends it. */
export function dropNewLink(): string {
	return serializeCookie(newLinkCookie, "", { ...options, sameSite: "strict", maxAge: 0 });
}

/** The `Set-Cookie` line that keeps the secret of a link that somebody opened, while they sign in or up. */
export function holdLink(secret: string): string {
	return serializeCookie(heldLinkCookie, secret, { ...options, sameSite: "lax", maxAge: heldLinkSeconds });
}

/** The secret of the link that this browser opened; null when there is none. */
export function readHeldLink(cookieHeader: string | null): string | null {
	const secret = cookieValue(cookieHeader, heldLinkCookie);
	return secret !== undefined && linkSecretPattern.test(secret) ? secret : null;
}

/** The `Set-Cookie` line that ends it. */
export function dropHeldLink(): string {
	return serializeCookie(heldLinkCookie, "", { ...options, sameSite: "lax", maxAge: 0 });
}
