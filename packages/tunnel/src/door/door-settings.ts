import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { defaultPorts } from "@opta/contracts/ports";
import { isLoopbackName } from "../admission/loopback-name.ts";
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
	/** Where devices of the host's own network join it; null where they do not. */
	readonly link: { readonly host: string; readonly port: number } | null;
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
	"link-host": "OPTA_DOOR_LINK_HOST",
	"link-port": "OPTA_DOOR_LINK_PORT",
	...tunnelVariables,
} as const;

const hostName = /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/;

class SettingError extends Error {}

function parseOwnUrl(flag: "lmx-url" | "daemon-url", text: string, usualPort: number): string {
	const url = URL.parse(text);
	if (url === null || url.protocol !== "http:" || !isLoopbackName(url.hostname) || url.pathname !== "/" || url.search !== "") {
		throw new SettingError(`--${flag} is "${text}"; it must be an address on this machine such as http://127.0.0.1:${usualPort}.`);
	}
	return url.origin;
}

function parsePort(flag: "port" | "link-port", text: string): number {
	if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
		throw new SettingError(`--${flag} is "${text}"; it must be a whole number from 0 to 65535.`);
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

function parseLink(host: string | undefined, port: string | undefined): DoorSettings["link"] {
	if (host === undefined) {
		if (port !== undefined) {
			throw new SettingError("--link-port needs --link-host: the address of this machine where devices of its network join.");
		}
		return null;
	}
	if (isIP(host) === 0) {
		throw new SettingError(`--link-host is "${host}"; it must be an address of this machine, such as 0.0.0.0 for all of them.`);
	}
	return { host, port: parsePort("link-port", port ?? String(defaultPorts.link)) };
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
		if (!isLoopbackName(host)) {
			throw new SettingError(`--host is "${host}"; the door listens on loopback only, where the tunnel reaches it.`);
		}
		if (stateDir === undefined) {
			throw new SettingError(`--state-dir (or ${variables["state-dir"]}) is missing: the folder that holds host.json.`);
		}
		const settings: DoorSettings = {
			host,
			port: parsePort("port", read("port") ?? String(defaultPorts.door)),
			stateDir,
			lmxUrl: ownUrl("lmx-url", defaultPorts.lmx),
			daemonUrl: ownUrl("daemon-url", defaultPorts.daemon),
			allowedHosts: parseHosts(read("allowed-hosts") ?? ""),
			link: parseLink(read("link-host"), read("link-port")),
			reach: parseTunnelSettings(read),
		};
		return { ok: true, settings };
	} catch (error) {
		return { ok: false, message: error instanceof Error ? error.message : String(error) };
	}
}
