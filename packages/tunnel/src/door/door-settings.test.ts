import { describe, expect, it } from "vitest";
import { parseDoorSettings } from "./door-settings.ts";

describe("parseDoorSettings", () => {
	it("takes flags before the environment before defaults", () => {
		const result = parseDoorSettings(["--port", "2001"], {
			OPTA_DOOR_PORT: "2002",
			OPTA_HOME: "/srv/opta",
			OPTA_DOOR_ALLOWED_HOSTS: "Mono512.example.com, other.example.com",
		});
		expect(result).toEqual({
			ok: true,
			settings: {
				host: "127.0.0.1",
				port: 2001,
				stateDir: "/srv/opta",
				lmxUrl: "http://127.0.0.1:1234",
				daemonUrl: "http://127.0.0.1:9999",
				link: null,
				allowedHosts: new Set(["mono512.example.com", "other.example.com"]),
				reach: { tunnel: { mode: "off" }, access: null },
			},
		});
	});

	it.each([
		[["--port", "80x"], '--port is "80x"; it must be a whole number from 0 to 65535.'],
		[["--port", "65536"], '--port is "65536"; it must be a whole number from 0 to 65535.'],
		[["--host", "0.0.0.0"], '--host is "0.0.0.0"; the door listens on loopback only, where the tunnel reaches it.'],
		[
			["--lmx-url", "https://evil.com"],
			'--lmx-url is "https://evil.com"; it must be an address on this machine such as http://127.0.0.1:1234.',
		],
		[["--link-port", "8789"], "--link-port needs --link-host: the address of this machine where devices of its network join."],
		[["--link-host", "mono512"], '--link-host is "mono512"; it must be an address of this machine, such as 0.0.0.0 for all of them.'],
		[["--link-host", "::", "--link-port", "x"], '--link-port is "x"; it must be a whole number from 0 to 65535.'],
		[
			["--daemon-url", "http://192.168.1.2:9999"],
			'--daemon-url is "http://192.168.1.2:9999"; it must be an address on this machine such as http://127.0.0.1:9999.',
		],
		[["--lmx-url", "nonsense"], '--lmx-url is "nonsense"; it must be an address on this machine such as http://127.0.0.1:1234.'],
		[
			["--allowed-hosts", "https://a.example.com"],
			'--allowed-hosts holds "https://a.example.com"; it takes host names without scheme and port, separated by commas.',
		],
	])("says in one line what cannot be meant: %j", (args, message) => {
		expect(parseDoorSettings(["--state-dir", "/srv/opta", ...args], {})).toEqual({ ok: false, message });
	});

	it("names the setting that is missing, and the one that is unknown", () => {
		expect(parseDoorSettings([], {})).toMatchObject({
			ok: false,
			message: expect.stringContaining("--state-dir (or OPTA_HOME) is missing"),
		});
		expect(parseDoorSettings(["--prot", "1"], {})).toMatchObject({ ok: false, message: expect.stringContaining("--prot") });
	});
});
