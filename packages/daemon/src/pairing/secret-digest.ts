import { createHash, timingSafeEqual } from "node:crypto";

/** SHA-256 of a secret, in hexadecimal digits: what is kept instead of it. */
export function digestOf(secret: string): string {
	return createHash("sha256").update(secret).digest("hex");
}

/** True for the secret of that digest. Takes the same time wherever a wrong one differs. */
export function matchesDigest(secret: string, digest: string): boolean {
	return timingSafeEqual(Buffer.from(digestOf(secret), "hex"), Buffer.from(digest, "hex"));
}
