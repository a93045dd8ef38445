import { Secret, TOTP } from "otpauth";

const stepSeconds = 30;
/** One step before and one after: clocks of phones differ. */
const window = 1;
const secretBytes = 20;

function totp(secret: Uint8Array, account: string): TOTP {
	const buffer = new Uint8Array(secret).buffer;
	return new TOTP({
		issuer: "Opta Local",
		label: account,
		algorithm: "SHA1",
		digits: 6,
		period: stepSeconds,
		secret: new Secret({ buffer }),
	});
}

/** A new secret of 160 bits (RFC 4226 §4). */
export function createTotpSecret(): Uint8Array {
	return new Uint8Array(new Secret({ size: secretBytes }).buffer);
}

/** What an authenticator app reads from a QR code, and the secret to be typed where it cannot. */
export function totpEnrolment(secret: Uint8Array, account: string): { readonly uri: string; readonly text: string } {
	const made = totp(secret, account);
	return { uri: made.toString(), text: made.secret.base32.replaceAll(/(.{4})(?=.)/g, "$1 ") };
}

/** The time step that a code belongs to; null when it is wrong (RFC 6238). Comparing takes the same time for every code. */
export function totpStep(secret: Uint8Array, code: string, nowMs = Date.now()): number | null {
	const digits = code.replaceAll(/\s/g, "");
	if (!/^\d{6}$/.test(digits)) {
		return null;
	}
	const delta = totp(secret, "").validate({ token: digits, window, timestamp: nowMs });
	return delta === null ? null : Math.floor(nowMs / 1000 / stepSeconds) + delta;
}
