import { describe, expect, it } from "vitest";
import { cookiesForAuth, keptCookie } from "./verifier-cookie.ts";

const verifier = "__Secure-opta-auth-flow-0123456789abcdef-code-verifier";

describe("the cookie of a PKCE verifier", () => {
	it("stays on accounts alone and for minutes, and comes back under the name that auth-js gave it", () => {
		const kept = keptCookie(verifier, { domain: "optalocal.com", path: "/", secure: true, httpOnly: true, maxAge: 34_560_000 });
		expect(kept).toEqual({ name: `__Host-opta-${verifier}`, options: { path: "/", secure: true, httpOnly: true, maxAge: 900 } });
		expect(cookiesForAuth(`${kept.name}=base64-x`)).toEqual([{ name: verifier, value: "base64-x" }]);
	});

	it("is removed under the same name", () => {
		expect(keptCookie(verifier, { domain: "optalocal.com", maxAge: 0 })).toEqual({
			name: `__Host-opta-${verifier}`,
			options: { maxAge: 0 },
		});
	});

	it("is not believed when another site of the domain could have set it", () => {
		expect(cookiesForAuth(`${verifier}=base64-planted; other=1`)).toEqual([{ name: "other", value: "1" }]);
	});

	it("leaves the session's cookie as it is", () => {
		const options = { domain: "optalocal.com", maxAge: 34_560_000 };
		expect(keptCookie("__Secure-opta-auth", options)).toEqual({ name: "__Secure-opta-auth", options });
	});
});
