import { sessionCookieName } from "@opta/contracts/session-cookie";
import { localAddressing, type SiteAddressing } from "@opta/contracts/site-url";
import { describe, expect, it } from "vitest";
import { dropSessionCookies, sessionCookieOptions } from "./session-cookie-writer.ts";
import { serializeCookie } from "./set-cookie.ts";

const production: SiteAddressing = { scheme: "https", baseDomain: "optalocal.com", portBase: null };

describe("the session cookie", () => {
	it.each([
		[production, "optalocal.com"],
		[localAddressing, "optalocal.localhost"],
	])("has the same attributes in production and on one machine", (addressing, domain) => {
		const line = serializeCookie(sessionCookieName, "base64-e30", sessionCookieOptions(addressing));
		expect(line).toBe(`__Secure-opta-session=base64-e30; Path=/; Domain=${domain}; Secure; HttpOnly; SameSite=Lax`);
	});

	it("is removed with every chunk, from the domain and from this host, and nothing else is", () => {
		const header = `theme=dark; ${sessionCookieName}.0=a; ${sessionCookieName}.1=b; ${sessionCookieName}x=c`;
		const lines = dropSessionCookies(production, header);
		for (const name of [sessionCookieName, `${sessionCookieName}.0`, `${sessionCookieName}.1`]) {
			expect(lines).toContain(`${name}=; Path=/; Domain=optalocal.com; Max-Age=0; Secure; HttpOnly; SameSite=Lax`);
			expect(lines).toContain(`${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`);
		}
		expect(lines).toHaveLength(6);
	});
});
