import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

function keyOf(portalKey: string): Buffer {
	return Buffer.from(hkdfSync("sha256", portalKey, "", "opta/v1/totp-secret", 32));
}

/** Encrypts a person's secret for the database; it opens with the portal's key and for that person only. */
export function sealSecret(portalKey: string, userId: string, secret: Uint8Array): string {
	const nonce = randomBytes(nonceBytes);
	const cipher = createCipheriv(algorithm, keyOf(portalKey), nonce);
	cipher.setAAD(Buffer.from(userId));
	const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
	return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString("base64url");
}

/** Opens it; null when it was sealed for somebody else, with another key, or was changed. */
export function openSecret(portalKey: string, userId: string, sealed: string): Uint8Array | null {
	const bytes = Buffer.from(sealed, "base64url");
	if (bytes.length <= nonceBytes + tagBytes) {
		return null;
	}
	const decipher = createDecipheriv(algorithm, keyOf(portalKey), bytes.subarray(0, nonceBytes));
	decipher.setAAD(Buffer.from(userId));
	decipher.setAuthTag(bytes.subarray(-tagBytes));
	try {
		return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
	} catch {
		return null;
	}
}
