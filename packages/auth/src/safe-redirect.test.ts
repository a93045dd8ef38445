import { allSiteOrigins, localAddressing, type SiteAddressing, siteUrl } from "@opta/contracts/site-url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeRedirect } from "./safe-redirect.ts";
import { hostileRedirects } from "./testing/hostile-redirects.ts";

const production: SiteAddressing = { scheme: "https", baseDomain: "optalocal.com", portBase: null };

describe.each([
	["production", production],
	["this machine", localAddressing],
	["this machine with other ports", { ...localAddressing, portBase: 41_000 }],
])("safeRedirect in %s", (_place, addressing) => {
	it.each(hostileRedirects(addressing).map((value) => [value]))("sends %j to the account page", (value) => {
		expect(safeRedirect(value, addressing)).toBe(siteUrl(addressing, "accounts", "/"));
	});

	it.each([
		["home", "/"],
		["lmx", "/"],
		["lmx", "/chat?host=018f2b6e-0000-7000-8000-000000000000#last"],
		["admin", "/"],
		["learn", "/guides/first-model?next=//evil.com"],
		["accounts", "/"],
		["accounts", "/hosts/join"],
		["accounts", "/hosts/018f2b6e-0000-7000-8000-000000000000?done=joined"],
	] as const)("lets a page of %s pass: %s", (site, path) => {
		const url = siteUrl(addressing, site, path);
		expect(safeRedirect(url, addressing)).toBe(url);
	});

	it("reads a path as one of accounts", () => {
		expect(safeRedirect("/", addressing)).toBe(siteUrl(addressing, "accounts", "/"));
	});

	it("never leaves the eight sites, whatever it is given", () => {
		const origins = allSiteOrigins(addressing);
		const part = fc.constantFrom(
			"https:",
			"http:",
			"//",
			"/",
			"\\",
			"@",
			":",
			".",
			"%2f",
			"evil.com",
			addressing.baseDomain,
			"lmx.",
			"?",
			"#",
			"..",
		);
		const value = fc.oneof(
			fc.string(),
			fc.webUrl(),
			fc.array(fc.oneof(part, fc.string({ maxLength: 4 })), { maxLength: 12 }).map((parts) => parts.join("")),
		);
		fc.assert(
			fc.property(value, (text) => {
				const result = new URL(safeRedirect(text, addressing));
				expect(origins).toContain(result.origin);
				expect(result.pathname.startsWith("//")).toBe(false);
				expect(result.username + result.password).toBe("");
			}),
			{ numRuns: 2_000 },
		);
	});
});
