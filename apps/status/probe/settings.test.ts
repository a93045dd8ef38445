import { describe, expect, it } from "vitest";
import { parseSettings } from "./settings.ts";

describe("parseSettings", () => {
	it("watches nothing that is not configured, every 30 seconds", () => {
		expect(parseSettings({ OPTA_STATUS_LMX_URL: "" })).toEqual({ lmxUrl: null, supabaseUrl: null, supabaseKey: null, intervalMs: 30_000 });
	});

	it("takes addresses with and without a slash at the end", () => {
		expect(parseSettings({ OPTA_STATUS_LMX_URL: "http://127.0.0.1:1234/" }).lmxUrl).toBe("http://127.0.0.1:1234");
	});

	it.each([
		["OPTA_STATUS_LMX_URL", "127.0.0.1:1234"],
		["OPTA_STATUS_LMX_URL", "file:///etc/passwd"],
		["OPTA_STATUS_SUPABASE_URL", "http://name:secret@example.test"],
		["OPTA_STATUS_INTERVAL_MS", "0"],
		["OPTA_STATUS_INTERVAL_MS", "249"],
		["OPTA_STATUS_INTERVAL_MS", "soon"],
	])("refuses %s=%s by its name and never repeats a password", (name, value) => {
		expect(() => parseSettings({ [name]: value })).toThrow(RangeError);
		expect(() => parseSettings({ [name]: value })).toThrow(name);
		expect(() => parseSettings({ [name]: value })).not.toThrow("secret");
	});
});
