import { allSiteOrigins, localAddressing, type SiteAddressing, siteUrl } from "@opta/contracts/site-url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeRedirect } from "./safe-redirect.ts";

const production: SiteAddressing = { scheme: "https", baseDomain: "optalocal.com", portBase: null };

/** Values written for production; `at` puts another site's addressing in their place. */
function hostileValues(addressing: SiteAddressing): readonly unknown[] {
	const accounts = siteUrl(addressing, "accounts", "");
	const { scheme, baseDomain } = addressing;
	const other = scheme === "https" ? "http" : "https";
	const host = accounts.slice(`${scheme}://`.length);
	return [
		...["//evil.com", "///evil.com", "////evil.com", `//${host}@evil.com`, "//evil%E3%80%82com"],
		...["/\\evil.com", "/\\/evil.com", "/\t/evil.com", "/\n/evil.com", "/\r/evil.com"],
		...["\\\\evil.com", "\\/evil.com", "https:\\\\evil.com", "http:\\\\evil.com"],
		...[`${accounts}@evil.com`, `${scheme}://accounts.${baseDomain}:pw@evil.com`, `${accounts}.evil.com`, `${accounts}%2eevil.com`],
		`${scheme}://user@lmx.${baseDomain}/`,
		`${scheme}://:pw@lmx.${baseDomain}/`,
		...[`https://evil.com\\@${host}`, `https://evil.com#@${host}`, `https://evil.com?.${baseDomain}`, `https://evil.com/.${baseDomain}`],
		...[`https://evil-${baseDomain}`, `https://evil${baseDomain}`, `https://evilоptalocal.com`, "https://EVIL。com"],
		...[`${scheme}://accounts.${baseDomain}.`, `${scheme}://lmx.${baseDomain}.:3004/`, `${scheme}://lmx.${baseDomain}:8443/`],
		...[`${other}://${host}/`, `${other}:${host}`, `${other}://lmx.${baseDomain}/`],
		...["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\u0001javascript:alert(1)", " javascript:alert(1)"],
		...[`javascript://${host}/%0aalert(1)`, "data:text/html,x", "vbscript:x", `blob:${accounts}/x`, `filesystem:${accounts}/x`],
		...["https://2130706433/", "http://0x7f.1/", "http://[::ffff:7f00:1]/", "http://127.0.0.1:3004/", "http://localhost:3004/"],
		...["/.//evil.com", "/..//evil.com", "/x/..//evil.com", "/%2e//evil.com", "/%2e%2e//evil.com"],
		...[
			`${accounts}//evil.com`,
			`${accounts}/\\evil.com`,
			siteUrl(addressing, "lmx", "//evil.com"),
			siteUrl(addressing, "lmx", "/.//evil.com"),
		],
		...[".evil.com", "@evil.com", ":80@evil.com", ":@evil.com/", "-evil.com"],
		...["https:evil.com", "https:/evil.com", "http:evil.com", "http:/evil.com"],
		...["/auth/callback?next=https://evil.com", "/sign-in?redirect_to=//evil.com", "/refresh?redirect_to=//evil.com", "/sign-out"],
		...[siteUrl(addressing, "accounts", "/refresh?redirect_to=https://evil.com"), siteUrl(addressing, "lmx", "/api/host/x")],
		...["%252f%252fevil.com", "/%252f%252fevil.com", "/%00", "\0", "null", "undefined", "", " ", `/${"a".repeat(10_000)}`],
		...[["/", "//evil.com"], null, undefined, 0, {}, { toString: () => "/" }],
	];
}

describe.each([
	["production", production],
	["this machine", localAddressing],
	["this machine with other ports", { ...localAddressing, portBase: 41_000 }],
])("safeRedirect in %s", (_place, addressing) => {
	it.each(hostileValues(addressing).map((value) => [value]))("sends %j to the account page", (value) => {
		expect(safeRedirect(value, addressing)).toBe(siteUrl(addressing, "accounts", "/"));
	});

	it.each([
		["home", "/"],
		["lmx", "/"],
		["lmx", "/chat?host=018f2b6e-0000-7000-8000-000000000000#last"],
		["admin", "/"],
		["learn", "/guides/first-model?next=//evil.com"],
		["accounts", "/"],
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
