import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { RoleName } from "../options/option-specs.ts";
import { refuseByPolicy } from "./host-policy.ts";

function refuse(config: string | null, roles: readonly RoleName[], environment: Record<string, string> = {}): Promise<string | null> {
	const stateDir = mkdtempSync(path.join(tmpdir(), "opta-policy-"));
	if (config !== null) {
		writeFileSync(path.join(stateDir, "config.json"), config);
	}
	return refuseByPolicy({ options: { roles, stateDir }, environment });
}

describe("refuseByPolicy", () => {
	it("keeps the inference server off a client-only machine, and nothing else", async () => {
		expect(await refuse('{"hostPolicy": "client"}', ["lmx", "tunnel"])).toContain("client-only");
		expect(await refuse(null, ["lmx"], { OPTA_HOST_POLICY: "client" })).toContain("client-only");
		expect(await refuse('{"hostPolicy": "client"}', ["daemon"])).toBeNull();
		expect(await refuse('{"hostPolicy": "any"}', ["lmx"])).toBeNull();
		expect(await refuse(null, ["lmx"])).toBeNull();
	});

	it("says what is wrong with a configuration that cannot be read", async () => {
		expect(await refuse('{"hostPolicy": "never"}', ["lmx"])).toMatch(/config\.json:1: "hostPolicy" is not valid/);
	});
});
