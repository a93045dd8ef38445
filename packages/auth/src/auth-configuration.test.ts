import { describe, expect, it } from "vitest";
import { type AuthVariables, readAuthConfiguration } from "./auth-configuration.ts";
import { EnvironmentError } from "./environment-error.ts";

const good: AuthVariables = {
	SUPABASE_URL: "http://127.0.0.1:54321/",
	SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x",
	SUPABASE_JWT_SECRET: "s".repeat(32),
};

describe("readAuthConfiguration", () => {
	it("reads the local platform's variables", () => {
		expect(readAuthConfiguration(good)).toMatchObject({ supabaseUrl: "http://127.0.0.1:54321", jwtSecret: "s".repeat(32) });
	});

	it.each<[string, AuthVariables]>([
		["SUPABASE_URL", { SUPABASE_URL: undefined }],
		["SUPABASE_URL", { SUPABASE_URL: "localhost" }],
		["SUPABASE_URL", { SUPABASE_URL: "file:///etc" }],
		["SUPABASE_PUBLISHABLE_KEY", { SUPABASE_PUBLISHABLE_KEY: " " }],
		["SUPABASE_JWT_SECRET", { SUPABASE_JWT_SECRET: "short" }],
		["OPTA_PORT_BASE", { OPTA_PORT_BASE: "3000a" }],
		["OPTA_SCHEME", { OPTA_SCHEME: "ftp" }],
	])("names %s in one line", (name, change) => {
		const read = () => readAuthConfiguration({ ...good, ...change });
		expect(read).toThrow(EnvironmentError);
		expect(read).toThrow(new RegExp(`^${name} [^\\n]+\\.$`));
	});

	it("never verifies with a shared secret outside this machine, and never repeats it", () => {
		const read = () => readAuthConfiguration({ ...good, OPTA_BASE_DOMAIN: "optalocal.com" });
		expect(read).toThrow(/^SUPABASE_JWT_SECRET is set/);
		expect(read).not.toThrow(/sss/);
		expect(readAuthConfiguration({ ...good, OPTA_BASE_DOMAIN: "optalocal.com", SUPABASE_JWT_SECRET: undefined }).jwtSecret).toBeNull();
	});
});
