import { TOTP } from "otpauth";
import { expect, it } from "vitest";
import { createTotpSecret, totpEnrolment, totpStep } from "./totp.ts";

/** RFC 6238, appendix B: the secret and, of eight digits, the last six. */
const rfcSecret = new TextEncoder().encode("12345678901234567890");

it.each([
	[59, "287082"],
	[1_111_111_109, "081804"],
	[1_111_111_111, "050471"],
	[1_234_567_890, "005924"],
	[2_000_000_000, "279037"],
])("at %i s the code of RFC 6238 is right, and in the steps beside it", (seconds, code) => {
	const step = Math.floor(seconds / 30);
	expect(totpStep(rfcSecret, code, seconds * 1000)).toBe(step);
	expect(totpStep(rfcSecret, `${code.slice(0, 3)} ${code.slice(3)}`, (seconds + 30) * 1000)).toBe(step);
	expect(totpStep(rfcSecret, code, (seconds + 90) * 1000)).toBeNull();
});

it("is no code with letters, other lengths or other digits", () => {
	for (const code of ["", "28708", "2870822", "28708a", "٢٨٧٠٨٢"]) {
		expect(totpStep(rfcSecret, code, 59_000)).toBeNull();
	}
});

it("is read by an authenticator app from its address", () => {
	const secret = createTotpSecret();
	const { uri, text } = totpEnrolment(secret, "ann@example.org");
	expect(uri).toMatch(/^otpauth:\/\/totp\/Opta%20Local:ann%40example\.org\?/);
	expect(text).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
	const app = new TOTP({ secret: text.replaceAll(" ", "") });
	expect(totpStep(secret, app.generate())).not.toBeNull();
});
