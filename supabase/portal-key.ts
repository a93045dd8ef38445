import { createHash, createHmac } from "node:crypto";

/** The portal key of a local platform: made from its secret key, so that a state folder needs no second secret. */
export function localPortalKey(secretKey: string): string {
	return createHmac("sha256", secretKey).update("portal key of accounts").digest("base64url");
}

/** What the database keeps of a portal key: its SHA-256 in hex, as `private.set_portal_key` takes it. */
export function portalKeyHash(portalKey: string): string {
	return createHash("sha256").update(portalKey, "utf8").digest("hex");
}
