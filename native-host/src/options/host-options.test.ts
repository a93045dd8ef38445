import { describe, expect, it } from "vitest";
import { type OptionSources, resolveHostOptions } from "./host-options.ts";

function resolve(flags: OptionSources["flags"], environment: OptionSources["environment"] = {}) {
	return resolveHostOptions({ flags, environment, workingFolder: "/work folder" });
}

describe("resolveHostOptions", () => {
	it("runs the usual roles on their usual ports when nothing is said", () => {
		expect(resolve({})).toMatchObject({ ok: true, options: { roles: ["lmx", "tunnel"], lmxPort: 1234, doorPort: 8788, model: null } });
	});

	it("gives --port to the one role", () => {
		expect(resolve({ roles: "lmx", port: "18001" })).toMatchObject({ ok: true, options: { roles: ["lmx"], lmxPort: 18_001 } });
		expect(resolve({ roles: "tunnel", port: "18002" })).toMatchObject({ ok: true, options: { lmxPort: 1234, doorPort: 18_002 } });
	});

	it("runs a daemon where it is named, on 9999", () => {
		expect(resolve({ roles: "daemon" })).toMatchObject({ ok: true, options: { roles: ["daemon"], daemonPort: 9999 } });
		expect(resolve({ roles: "daemon", port: "18003" })).toMatchObject({ ok: true, options: { daemonPort: 18_003 } });
		expect(resolve({ roles: "lmx,daemon,tunnel", "daemon-port": "18003" })).toMatchObject({ ok: true, options: { daemonPort: 18_003 } });
	});

	it("takes flags before variables, and a role's own port before the common one", () => {
		const environment = { OPTA_LMX_PORT: "2001", OPTA_DOOR_PORT: "2002", OPTA_HOME: "/srv/opta", OPTA_MODEL: "tiny" };
		expect(resolve({ "lmx-port": "3001", "state-dir": "state" }, environment)).toMatchObject({
			ok: true,
			options: { lmxPort: 3001, doorPort: 2002, stateDir: "/work folder/state", model: "tiny" },
		});
		expect(resolve({ roles: "lmx", port: "3001" }, environment)).toMatchObject({ ok: true, options: { lmxPort: 3001 } });
		expect(resolve({ roles: "lmx" }, { OPTA_PORT: "4001", ...environment })).toMatchObject({ ok: true, options: { lmxPort: 2001 } });
	});

	it.each([
		["SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct"],
		["tiny.gguf", "/work folder/tiny.gguf"],
		["models/tiny", "/work folder/models/tiny"],
		["/srv/models/tiny.GGUF", "/srv/models/tiny.GGUF"],
	])("tells a model's name from a file: %s", (model, expected) => {
		expect(resolve({ model })).toMatchObject({ ok: true, options: { model: expected } });
	});

	it.each([
		[{ roles: "lmx,cook" }, {}, '--roles names the role "cook"; there are: lmx, daemon, tunnel.'],
		[{ roles: "" }, {}, '--roles names the role ""; there are: lmx, daemon, tunnel.'],
		[{}, { OPTA_ROLES: "gateway" }, 'OPTA_ROLES names the role "gateway"; there are: lmx, daemon, tunnel.'],
		[{ port: "1" }, {}, "--port belongs to one role; with lmx and tunnel it is --lmx-port and --door-port."],
		[{}, { OPTA_PORT: "1" }, "OPTA_PORT belongs to one role; with lmx and tunnel it is --lmx-port and --door-port."],
		[{ "lmx-port": "0" }, {}, '--lmx-port is "0"; it must be a whole number from 1 to 65535.'],
		[{ "lmx-port": "1e4" }, {}, '--lmx-port is "1e4"; it must be a whole number from 1 to 65535.'],
		[{}, { OPTA_DOOR_PORT: "-1" }, 'OPTA_DOOR_PORT is "-1"; it must be a whole number from 1 to 65535.'],
		[{ roles: "tunnel", model: "x" }, {}, "--model belongs to the role lmx, which is not among --roles."],
		[{ "daemon-port": "1" }, {}, "--daemon-port belongs to the role daemon, which is not among --roles."],
		[
			{ roles: "lmx,daemon", "daemon-port": "1234" },
			{},
			"The inference server and the daemon cannot both have port 1234; see --lmx-port and --daemon-port.",
		],
		[
			{ roles: "daemon,tunnel", "daemon-port": "8788" },
			{},
			"The daemon and the tunnel door cannot both have port 8788; see --daemon-port and --door-port.",
		],
		[{ "lmx-port": "8788" }, {}, "The inference server and the tunnel door cannot both have port 8788; see --lmx-port and --door-port."],
	] as const)("says in one line what cannot be meant: %j %j", (flags, environment, message) => {
		expect(resolve(flags, environment)).toEqual({ ok: false, message });
	});
});
