import { parseArgs } from "node:util";
import { defaultPorts } from "@opta/contracts/ports";
import { parseTunnelSettings, type TunnelSettings, tunnelVariables } from "../cloudflared/tunnel-settings.ts";

/** What the door is started with. */
export interface DoorSettings {
	readonly host: string;
	readonly port: number;
	readonly stateDir: string;
	readonly lmxUrl: string;
	/** Origin of the daemon beside the host. */
	readonly daemonUrl: string;
	readonly allowedHosts: ReadonlySet<string>;
	/** How the door is reached from the internet. */
	readonly reach: TunnelSettings;
}

/** The settings, or one line for a person. */
export type DoorSettingsResult = { readonly ok: true; readonly settings: DoorSettings } | { readonly ok: false; readonly message: string };

/** Each setting's flag and variable; flags come first. */
const variables = {
	host: "OPTA_DOOR_HOST",
	port: "OPTA_DOOR_PORT",
	"state-dir": "OPTA_HOME",
	"lmx-url": "OPTA_DOOR_LMX_URL",
	"daemon-url": "OPTA_DOOR_DAEMON_URL",
	"allowed-hosts": "OPTA_DOOR_ALLOWED_HOSTS",
	...tunnelVariables,
} as const;

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/;
const hostName = /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/;

class SettingError extends Error {}

function parseOwnUrl(flag: "lmx-url" | "daemon-url", text: string, usualPort: number): string {
	const url = URL.parse(text);
	if (url === null || url.protocol !== "http:" || !loopbackHost.test(url.hostname) || url.pathname !== "/" || url.search !== "") {
		throw new SettingError(`--${flag} is "${text}"; it must be an address on this machine such as http://127.0.0.1:${usualPort}.`);
	}
	return url.origin;
}

function parsePort(text: string): number {
	if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
		throw new SettingError(`--port is "${text}"; it must be a whole number from 0 to 65535.`);
	}
	return Number(text);
}

function parseHosts(text: string): ReadonlySet<string> {
	const names = text
		.split(",")
		.map((name) => name.trim().toLowerCase())
		.filter((name) => name !== "");
	const wrong = names.find((name) => !hostName.test(name));
	if (wrong !== undefined) {
		throw new SettingError(`--allowed-hosts holds "${wrong}"; it takes host names without scheme and port, separated by commas.`);
	}
	return new Set(names);
}

/** Reads the settings of the door: flags, then environment, then defaults. */
export function parseDoorSettings(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): DoorSettingsResult {
	try {
		const options = Object.fromEntries(Object.keys(variables).map((name) => [name, { type: "string" }] as const));
		const values: Readonly<Record<string, unknown>> = parseArgs({ args: [...args], options }).values;
		const read = (name: keyof typeof variables): string | undefined => {
			const flag = values[name];
			return typeof flag === "string" ? flag : environment[variables[name]];
		};
		const ownUrl = (flag: "lmx-url" | "daemon-url", usualPort: number): string =>
			parseOwnUrl(flag, read(flag) ?? `http://127.0.0.1:${usualPort}`, usualPort);
		const host = read("host") ?? "127.0.0.1";
		const stateDir = read("state-dir");
		if (!loopbackHost.test(host)) {
			throw new SettingError(`--host is "${host}"; the door listens on loopback only, where the tunnel reaches it.`);
		}
		if (stateDir === undefined) {
			throw new SettingError(`--state-dir (or ${variables["state-dir"]}) is missing: the folder that holds host.json.`);
		}
		const settings: DoorSettings = {
			host,
			port: parsePort(read("port") ?? String(defaultPorts.door)),
			stateDir,
			lmxUrl: ownUrl("lmx-url", defaultPorts.lmx),
			daemonUrl: ownUrl("daemon-url", defaultPorts.daemon),
			allowedHosts: parseHosts(read("allowed-hosts") ?? ""),
			reach: parseTunnelSettings(read),
		};
		return { ok: true, settings };
	} catch (error) {
		return { ok: false, message: error instanceof Error ? error.message : String(error) };
	}
}
