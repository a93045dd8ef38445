import { describe, expect, it } from "vitest";
import { resolvePlatformOptions } from "./platform-options.ts";

describe("resolvePlatformOptions", () => {
	it("takes flags before the environment before .env before defaults", () => {
		const result = resolvePlatformOptions(
			{ "lmx-port": "2001" },
			{ OPTA_LMX_PORT: "2002", OPTA_DOOR_PORT: "2003" },
			{ OPTA_DOOR_PORT: "2004", OPTA_PORT_BASE: "4000" },
		);
		expect(result).toMatchObject({
			ok: true,
			options: { lmxPort: 2001, doorPort: 2003, portBase: 4000, supabasePort: 54_321, model: null },
		});
	});

	it.each([
		[{ "port-base": "3k" }, {}, {}, '--port-base is "3k"; it must be a whole number from 1024 to 65000.'],
		[{}, { OPTA_LMX_PORT: "80" }, {}, 'OPTA_LMX_PORT is "80"; it must be a whole number from 1024 to 65535.'],
		[{}, {}, { OPTA_DOOR_PORT: "1e4" }, 'OPTA_DOOR_PORT in .env is "1e4"; it must be a whole number from 1024 to 65535.'],
	])("names the setting that cannot be meant: %j %j %j", (flags, environment, dotEnv, message) => {
		expect(resolvePlatformOptions(flags, environment, dotEnv)).toEqual({ ok: false, message });
	});
});
