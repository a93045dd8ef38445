import { localAddressing, type SiteAddressing } from "@opta/contracts/site-url";
import { describe, expect, it } from "vitest";
import { contentPolicy } from "./content-policy.ts";

const production: SiteAddressing = { scheme: "https", baseDomain: "optalocal.com", portBase: null };

describe("the policy of accounts", () => {
	it("lets scripts with the nonce run and no others, and no page frame it", () => {
		const policy = contentPolicy(production, "/sign-in", "abc", false);
		expect(policy).toContain("script-src 'nonce-abc' 'strict-dynamic';");
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("frame-ancestors 'none'");
		expect(policy).toContain("base-uri 'none'");
		expect(policy).not.toMatch(/unsafe-(inline|eval)/);
	});

	it.each(["/vault", "/vault/new", "/vault?item=1"])("lets %s compile WebAssembly", (path) => {
		expect(contentPolicy(production, path, "abc", false)).toContain("'wasm-unsafe-eval'");
	});

	it.each(["/", "/vaults", "/sign-in?x=/vault"])("lets %s compile nothing", (path) => {
		expect(contentPolicy(production, path, "abc", false)).not.toContain("wasm");
	});

	it("lets forms end on the sites of the platform only", () => {
		expect(contentPolicy(production, "/", "abc", false)).toContain("form-action 'self' https://optalocal.com https://*.optalocal.com;");
		expect(contentPolicy(localAddressing, "/", "abc", false)).toContain("http://*.optalocal.localhost:*;");
	});
});
