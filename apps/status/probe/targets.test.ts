import { localAddressing } from "@opta/contracts/site-url";
import { describe, expect, it } from "vitest";
import { parseSettings } from "./settings.ts";
import { probeTargets } from "./targets.ts";

function requestOf(id: string, variables: Parameters<typeof parseSettings>[0] = {}) {
	return probeTargets(parseSettings(variables), localAddressing).find((target) => target.id === id)?.request;
}

describe("probeTargets", () => {
	it("reaches every site on loopback by its own name", () => {
		expect(requestOf("site-lmx")).toEqual({
			url: "http://127.0.0.1:3004/api/health",
			headers: { host: "lmx.optalocal.localhost:3004" },
			expects: "health",
		});
		expect(requestOf("site-help")).toMatchObject({ url: "http://127.0.0.1:3006/", expects: "page" });
	});

	it("leaves parts that are not configured unasked", () => {
		expect(requestOf("lmx")).toBeNull();
		expect(requestOf("supabase")).toBeNull();
	});

	it("asks Supabase with the key in a header only, and what needs no key without one", () => {
		const supabase = { OPTA_STATUS_SUPABASE_URL: "http://127.0.0.1:54321/" };
		expect(requestOf("supabase", { ...supabase, SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x" })).toMatchObject({
			url: "http://127.0.0.1:54321/auth/v1/health",
			headers: { apikey: "sb_publishable_x" },
		});
		expect(requestOf("supabase", supabase)).toMatchObject({ url: "http://127.0.0.1:54321/auth/v1/.well-known/jwks.json", headers: {} });
	});
});
