import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig, readConfig, supabaseFolder } from "./read-config.ts";

const ours = await readFile(path.join(supabaseFolder, "config.toml"), "utf8");

describe("the configuration", () => {
	it("names mail templates that are there and lead to accounts with a hashed token", async () => {
		const { template } = (await readConfig()).auth.email;
		for (const [name, type] of [
			["confirmation", "signup"],
			["recovery", "recovery"],
			["magic_link", "magiclink"],
			["email_change", "email_change"],
		] as const) {
			expect(existsSync(template[name].content_path)).toBe(true);
			expect(await readFile(template[name].content_path, "utf8")).toContain(
				`"{{ .SiteURL }}/auth/confirm?token_hash={{ .TokenHash }}&amp;type=${type}"`,
			);
		}
	});

	it.each([
		["enable_confirmations = true", "enable_confirmations = false", /auth\.email\.enable_confirmations: must be true/],
		["minimum_password_length = 8", "minimum_password_length = 6", /auth\.minimum_password_length/],
		["otp_expiry = 600", "otp_expiry = 3600", /auth\.email\.otp_expiry/],
		["jwt_expiry = 3600", "jwt_expiry =", /is not TOML/],
	])("is refused with %j changed to %j", (from, to, message) => {
		expect(ours).toContain(from);
		expect(() => parseConfig(ours.replace(from, to))).toThrow(message);
	});
});
