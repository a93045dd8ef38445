import { readFileSync } from "node:fs";
import { parseAddressing } from "@opta/contracts/addressing";
import { describe, expect, it } from "vitest";
import { commonHeaders, contentSecurityPolicy } from "./security-headers.ts";

const production = parseAddressing({ OPTA_BASE_DOMAIN: "optalocal.com" });
const local = parseAddressing({});

interface VercelConfig {
	readonly headers: readonly { readonly source: string; readonly headers: readonly { readonly key: string; readonly value: string }[] }[];
}

describe.each(["init", "help"])("the exported site %s", (site) => {
	it("sends the headers that the other sites send", () => {
		const config: VercelConfig = JSON.parse(readFileSync(new URL(`../../../apps/${site}/vercel.json`, import.meta.url), "utf8"));
		const everywhere = config.headers.find((rule) => rule.source === "/(.*)");
		expect(everywhere?.headers).toEqual([
			...commonHeaders(production),
			{ key: "Content-Security-Policy", value: "frame-ancestors 'none'" },
		]);
	});
});

describe("contentSecurityPolicy", () => {
	it("lets pages fetch from themselves and from accounts only", () => {
		expect(contentSecurityPolicy(production, { scriptSources: [] })).toContain("connect-src 'self' https://accounts.optalocal.com;");
		expect(contentSecurityPolicy(local, { scriptSources: [] })).toContain("connect-src 'self' http://accounts.optalocal.localhost:*;");
	});

	it("lets forms lead to the family of sites, because signing in redirects there", () => {
		expect(contentSecurityPolicy(production, { scriptSources: [] })).toMatch(
			/form-action 'self' https:\/\/optalocal\.com https:\/\/\*\.optalocal\.com$/,
		);
	});

	it("asks for https for years where the sites have it, and never locally", () => {
		expect(commonHeaders(production).map(({ key }) => key)).toContain("Strict-Transport-Security");
		expect(commonHeaders(local).map(({ key }) => key)).not.toContain("Strict-Transport-Security");
	});
});
