import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type HostOptions, tunnelFlags } from "../options/host-options.ts";
import type { RoleName } from "../options/option-specs.ts";

/** A role as a process. */
export interface PlannedRole {
	readonly role: RoleName;
	/** For people, where the name of the role says too little. */
	readonly title: string;
	readonly port: number;
	/** A second port that it listens on, for other machines; null where it has none. */
	readonly lanPort: number | null;
	readonly url: string;
	/** For Node: the script and its flags; no secrets. */
	readonly args: readonly string[];
	/** Variables with this prefix reach the process too, */
	readonly variablePrefix: string;
	/** and these. */
	readonly variables: readonly string[];
}

const everyAddress = "0.0.0.0";

/** The built dashboard of this repository; null when it was not built. */
function builtDashboard(): string | null {
	const folder = fileURLToPath(new URL("../../../packages/dashboard/dist", import.meta.url));
	return existsSync(path.join(folder, "index.html")) ? folder : null;
}

function flag(name: string, value: string | null): readonly string[] {
	return value === null ? [] : [`--${name}`, value];
}

function planLmx(options: HostOptions): PlannedRole {
	const args = [
		fileURLToPath(import.meta.resolve("@opta/lmx/main")),
		...["--port", String(options.lmxPort), "--state-dir", options.stateDir],
		...flag("model", options.model),
		...flag("model-dir", options.modelDir),
		...flag("web-dir", options.webDir ?? builtDashboard()),
		...flag("host", options.bind === "lan" ? everyAddress : null),
	];
	const url = `http://127.0.0.1:${options.lmxPort}`;
	return {
		role: "lmx",
		title: "inference server",
		port: options.lmxPort,
		lanPort: null,
		url,
		args,
		variablePrefix: "OPTA_LMX_",
		variables: ["HF_TOKEN", "HF_ENDPOINT", "XDG_DATA_HOME"],
	};
}

function planDaemon(options: HostOptions): PlannedRole {
	const lmx = options.roles.includes("lmx") ? ["--set", "connection.host=127.0.0.1", "--set", `connection.port=${options.lmxPort}`] : [];
	const args = [
		fileURLToPath(import.meta.resolve("@opta/daemon/main")),
		...["--port", String(options.daemonPort), "--state-dir", options.stateDir],
		...lmx,
	];
	const url = `http://127.0.0.1:${options.daemonPort}`;
	return {
		role: "daemon",
		title: "daemon",
		port: options.daemonPort,
		lanPort: null,
		url,
		args,
		variablePrefix: "OPTA_DAEMON_",
		variables: [
			"OPTA_CONNECTION_HOST",
			"OPTA_CONNECTION_PORT",
			"OPTA_LOCAL_ONLY",
			"ANTHROPIC_API_KEY",
			"DBUS_SESSION_BUS_ADDRESS",
			"XDG_RUNTIME_DIR",
		],
	};
}

function planTunnel(options: HostOptions): PlannedRole {
	const isOnLan = options.bind === "lan";
	const args = [
		fileURLToPath(import.meta.resolve("@opta/tunnel/main")),
		...["--host", "127.0.0.1", "--port", String(options.doorPort), "--state-dir", options.stateDir],
		...["--lmx-url", `http://127.0.0.1:${options.lmxPort}`, "--daemon-url", `http://127.0.0.1:${options.daemonPort}`],
		...flag("allowed-hosts", options.allowedHosts),
		...(isOnLan ? ["--link-host", everyAddress, "--link-port", String(options.linkPort)] : []),
		...tunnelFlags.flatMap((name) => flag(name, options.tunnel[name])),
	];
	return {
		role: "tunnel",
		title: "tunnel door",
		port: options.doorPort,
		lanPort: isOnLan ? options.linkPort : null,
		url: `http://127.0.0.1:${options.doorPort}`,
		args,
		variablePrefix: "OPTA_DOOR_",
		variables: ["OPTA_TUNNEL_TOKEN", "OPTA_CLOUDFLARED", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"],
	};
}

const planners: Readonly<Record<RoleName, (options: HostOptions) => PlannedRole>> = {
	lmx: planLmx,
	daemon: planDaemon,
	tunnel: planTunnel,
};

/** The processes of the wanted roles. */
export function planRoles(options: HostOptions): readonly PlannedRole[] {
	return options.roles.map((role) => planners[role](options));
}
