import { homedir } from "node:os";
import path from "node:path";
import { defaultPorts } from "@opta/contracts/ports";
import { type FlagName, type OptionSpec, optionSpecs, type RoleName, roleNames, usualRoleNames } from "./option-specs.ts";

/** What native-host is started with. Folders and files are absolute. */
export interface HostOptions {
	readonly roles: readonly RoleName[];
	readonly lmxPort: number;
	readonly daemonPort: number;
	readonly doorPort: number;
	/** Catalogue name or GGUF path; null for the catalogue's default. */
	readonly model: string | null;
	readonly modelDir: string | null;
	/** Null for the default. */
	readonly webDir: string | null;
	readonly allowedHosts: string | null;
	/** Which machines reach the inference server and join their devices: this one, or those of the own network too. */
	readonly bind: "loopback" | "lan";
	/** Where devices of the own network join, with `bind: lan`. */
	readonly linkPort: number;
	/** How the door is opened to the internet, as it was said; the door itself checks it. */
	readonly tunnel: Readonly<Record<TunnelFlag, string | null>>;
	readonly stateDir: string;
}

/** Settings of the way from the internet, which native-host only passes on. */
export const tunnelFlags = ["tunnel", "tunnel-url", "access-audience", "access-team"] as const satisfies readonly FlagName[];

/** One of these. */
export type TunnelFlag = (typeof tunnelFlags)[number];

/** The options, or one line for a person. */
export type HostOptionsResult = { readonly ok: true; readonly options: HostOptions } | { readonly ok: false; readonly message: string };

/** Where settings come from. */
export interface OptionSources {
	/** Flags that were given, by their names without dashes. */
	readonly flags: Readonly<Partial<Record<FlagName, string>>>;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Relative paths are meant from here. */
	readonly workingFolder: string;
}

class OptionError extends Error {}

/** A value and how the user gave it, for messages. */
interface Given {
	readonly text: string;
	readonly origin: string;
}

function fromFlag({ flags }: OptionSources, flag: FlagName): Given | null {
	const text = flags[flag];
	return text === undefined ? null : { text, origin: `--${flag}` };
}

function fromVariable({ environment }: OptionSources, flag: FlagName): Given | null {
	const variable = optionSpecs.find((spec) => spec.flag === flag)?.variable ?? "";
	const text = environment[variable];
	return text === undefined || text === "" ? null : { text, origin: variable };
}

function given(sources: OptionSources, flag: FlagName): Given | null {
	return fromFlag(sources, flag) ?? fromVariable(sources, flag);
}

function parseRoles(roles: Given | null): readonly RoleName[] {
	if (roles === null) {
		return usualRoleNames;
	}
	const names = roles.text.split(",").map((name) => name.trim());
	const unknown = names.find((name) => !roleNames.some((known) => known === name));
	if (unknown !== undefined) {
		throw new OptionError(`${roles.origin} names the role "${unknown}"; there are: ${roleNames.join(", ")}.`);
	}
	return roleNames.filter((role) => names.includes(role));
}

function parsePort(port: Given): number {
	const value = Number(port.text);
	if (!/^\d{1,5}$/.test(port.text) || value < 1 || value > 65_535) {
		throw new OptionError(`${port.origin} is "${port.text}"; it must be a whole number from 1 to 65535.`);
	}
	return value;
}

/** The flag of each role's own port, and the port without one. */
const portFlags = {
	lmx: { flag: "lmx-port", usual: defaultPorts.lmx },
	daemon: { flag: "daemon-port", usual: defaultPorts.daemon },
	tunnel: { flag: "door-port", usual: defaultPorts.door },
} as const;

const purposes: Readonly<Record<RoleName, string>> = { lmx: "inference server", daemon: "daemon", tunnel: "tunnel door" };

function rolePort(sources: OptionSources, role: RoleName, roles: readonly RoleName[]): number {
	const { flag, usual } = portFlags[role];
	const onlyRole = roles.every((running) => running === role);
	const found =
		fromFlag(sources, flag) ??
		(onlyRole ? fromFlag(sources, "port") : null) ??
		fromVariable(sources, flag) ??
		(onlyRole ? fromVariable(sources, "port") : null);
	return found === null ? usual : parsePort(found);
}

function parseBind(bind: Given | null): HostOptions["bind"] {
	const text = bind?.text ?? "loopback";
	if (text !== "loopback" && text !== "lan") {
		throw new OptionError(`${bind?.origin} is "${text}"; it must be loopback or lan.`);
	}
	return text;
}

/** A name of the catalogue has neither folder nor ending; anything else is a file. */
function resolveModel(text: string, workingFolder: string): string {
	return /[/\\]|\.gguf$/i.test(text) ? path.resolve(workingFolder, text) : text;
}

function refuseStrayFlags({ flags }: OptionSources, roles: readonly RoleName[]): void {
	const specs: readonly OptionSpec[] = optionSpecs;
	const stray = specs.find((spec) => Object.hasOwn(flags, spec.flag) && !spec.roles.some((role) => roles.includes(role)));
	if (stray !== undefined) {
		throw new OptionError(`--${stray.flag} belongs to the role ${stray.roles.join(", ")}, which is not among --roles.`);
	}
}

/** The tunnel door forwards to the inference server, also to one that runs elsewhere: its port counts then too. */
function refuseSharedPorts({ roles, lmxPort, daemonPort, doorPort, bind, linkPort }: HostOptions): void {
	const ports: Readonly<Record<RoleName, number>> = { lmx: lmxPort, daemon: daemonPort, tunnel: doorPort };
	const held = roleNames
		.filter((role) => roles.includes(role) || (role === "lmx" && roles.includes("tunnel")))
		.map((role) => ({ purpose: purposes[role], flag: portFlags[role].flag as string, port: ports[role] }));
	if (bind === "lan" && roles.includes("tunnel")) {
		held.push({ purpose: "place where devices join", flag: "link-port", port: linkPort });
	}
	for (const [index, one] of held.entries()) {
		const other = held.slice(index + 1).find((later) => later.port === one.port);
		if (other !== undefined) {
			const flags = `--${one.flag} and --${other.flag}`;
			throw new OptionError(`The ${one.purpose} and the ${other.purpose} cannot both have port ${one.port}; see ${flags}.`);
		}
	}
}

/** Resolves the settings of native-host: flags before environment before defaults. */
export function resolveHostOptions(sources: OptionSources): HostOptionsResult {
	try {
		const roles = parseRoles(given(sources, "roles"));
		refuseStrayFlags(sources, roles);
		const onePort = given(sources, "port");
		if (onePort !== null && roles.length > 1) {
			const own = roles.map((role) => `--${portFlags[role].flag}`).join(" and ");
			throw new OptionError(`${onePort.origin} belongs to one role; with ${roles.join(" and ")} it is ${own}.`);
		}
		const folder = (flag: FlagName): string | null => {
			const found = given(sources, flag);
			return found === null ? null : path.resolve(sources.workingFolder, found.text);
		};
		const model = given(sources, "model");
		const options: HostOptions = {
			roles,
			lmxPort: rolePort(sources, "lmx", roles),
			daemonPort: rolePort(sources, "daemon", roles),
			doorPort: rolePort(sources, "tunnel", roles),
			model: model === null ? null : resolveModel(model.text, sources.workingFolder),
			modelDir: folder("model-dir"),
			webDir: folder("web-dir"),
			allowedHosts: given(sources, "allowed-hosts")?.text ?? null,
			bind: parseBind(given(sources, "bind")),
			linkPort: parsePort(given(sources, "link-port") ?? { text: String(defaultPorts.link), origin: "--link-port" }),
			tunnel: {
				tunnel: given(sources, "tunnel")?.text ?? null,
				"tunnel-url": given(sources, "tunnel-url")?.text ?? null,
				"access-audience": given(sources, "access-audience")?.text ?? null,
				"access-team": given(sources, "access-team")?.text ?? null,
			},
			stateDir: folder("state-dir") ?? path.join(homedir(), ".config", "opta"),
		};
		refuseSharedPorts(options);
		return { ok: true, options };
	} catch (error) {
		if (error instanceof OptionError) {
			return { ok: false, message: error.message };
		}
		throw error;
	}
}
