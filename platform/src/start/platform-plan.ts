import path from "node:path";
import { fileURLToPath } from "node:url";
import { localAddressing, siteOrigin, sitePort, siteUrl } from "@opta/contracts/site-url";
import { type SiteName, sites } from "@opta/contracts/sites";
import { repositoryRoot } from "../environment/env.ts";
import type { PlatformOptions } from "../environment/platform-options.ts";
import type { LocalKeys } from "./local-keys.ts";

/** An address in the table that `npm start` prints. */
export interface PlatformAddress {
	readonly title: string;
	readonly url: string;
	/** Asked until it answers 200; what it is asked with, because Node does not resolve names under `.localhost`. */
	readonly probe: { readonly url: string; readonly host?: string };
}

/** A process that `npm start` runs and the addresses that it serves. */
export interface PlannedProcess {
	readonly name: string;
	/** Arguments for Node; secrets are in `env`, never here. */
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
	/** Says that it is ready over its IPC channel, or by answering its probes. */
	readonly readyBy: "ipc" | "probe";
	readonly addresses: readonly PlatformAddress[];
	readonly ports: readonly number[];
}

const script = (relative: string): string => path.join(repositoryRoot, relative);
const loopback = (port: number, requestPath: string): string => `http://127.0.0.1:${port}${requestPath}`;

function supabaseProcess(options: PlatformOptions): PlannedProcess {
	const addressing = { ...localAddressing, portBase: options.portBase };
	return {
		name: "supabase",
		args: [
			script("supabase/local-main.ts"),
			...["--state-dir", options.home, "--port", String(options.supabasePort), "--mailbox-port", String(options.mailboxPort)],
			...["--site-url", siteOrigin(addressing, "accounts"), "--door-url", loopback(options.doorPort, "")],
		],
		cwd: repositoryRoot,
		env: {},
		readyBy: "ipc",
		ports: [options.supabasePort, options.mailboxPort],
		addresses: [
			{ title: "Supabase", url: loopback(options.supabasePort, ""), probe: { url: loopback(options.supabasePort, "/auth/v1/health") } },
			{ title: "Mailbox", url: loopback(options.mailboxPort, "/"), probe: { url: loopback(options.mailboxPort, "/") } },
		],
	};
}

function hostProcess(options: PlatformOptions): PlannedProcess {
	return {
		name: "native-host",
		args: [
			script("native-host/src/main.ts"),
			...["--roles", "lmx,tunnel", "--lmx-port", String(options.lmxPort), "--door-port", String(options.doorPort), "--state-dir", options.home],
			...(options.model === null ? [] : ["--model", options.model]),
		],
		cwd: repositoryRoot,
		env: {},
		readyBy: "ipc",
		ports: [options.lmxPort, options.doorPort],
		addresses: [
			{ title: "LMX", url: loopback(options.lmxPort, "/"), probe: { url: loopback(options.lmxPort, "/readyz") } },
			{ title: "Tunnel door", url: loopback(options.doorPort, ""), probe: { url: loopback(options.doorPort, "/") } },
		],
	};
}

function siteAddress(options: PlatformOptions, site: SiteName, title: string, probePath: string): PlatformAddress {
	const addressing = { ...localAddressing, portBase: options.portBase };
	const url = siteUrl(addressing, site);
	return { title, url, probe: { url: loopback(sitePort(options.portBase, site), probePath), host: new URL(url).host } };
}

function siteEnvironment(options: PlatformOptions, keys: LocalKeys, site: SiteName): Record<string, string> {
	const common = { NODE_ENV: "production", OPTA_PORT_BASE: String(options.portBase) };
	const backend = {
		SUPABASE_URL: loopback(options.supabasePort, ""),
		SUPABASE_PUBLISHABLE_KEY: keys.publishableKey,
		SUPABASE_JWT_SECRET: keys.jwtSecret,
	};
	switch (site) {
		case "accounts":
			return { ...common, ...backend, OPTA_PASS_SIGNING_KEY: keys.passSigningKey, OPTA_MAILBOX_URL: loopback(options.mailboxPort, "/") };
		case "lmx":
		case "admin":
			return { ...common, ...backend };
		case "status":
			return {
				...common,
				OPTA_STATUS_LMX_URL: loopback(options.lmxPort, ""),
				OPTA_STATUS_SUPABASE_URL: loopback(options.supabasePort, ""),
				SUPABASE_PUBLISHABLE_KEY: keys.publishableKey,
				...(options.statusIntervalMs === null ? {} : { OPTA_STATUS_INTERVAL_MS: String(options.statusIntervalMs) }),
			};
		default:
			return common;
	}
}

const exitWithParent = fileURLToPath(new URL("exit-with-parent.ts", import.meta.url));
const nextBin = script("node_modules/next/dist/bin/next");

/** How the sites run: built (`start`) or in watch mode (`dev`). */
export type SiteMode = "start" | "dev";

function siteProcesses(options: PlatformOptions, keys: LocalKeys, mode: SiteMode): readonly PlannedProcess[] {
	const onNext = sites.filter((site) => mode === "dev" || site.kind === "server");
	const exported = sites.filter((site) => mode === "start" && site.kind === "static");
	const servers = onNext.map((site): PlannedProcess => {
		const port = sitePort(options.portBase, site.name);
		return {
			name: site.name,
			args: ["--import", exitWithParent, nextBin, mode, "-p", String(port), "-H", "127.0.0.1"],
			cwd: script(`apps/${site.name}`),
			env: { ...siteEnvironment(options, keys, site.name), ...(mode === "dev" ? { NODE_ENV: "development" } : {}) },
			readyBy: "probe",
			ports: [port],
			addresses: [siteAddress(options, site.name, site.title, site.kind === "server" ? "/api/health" : "/")],
		};
	});
	if (exported.length === 0) {
		return servers;
	}
	return [
		...servers,
		{
			name: "static-sites",
			args: [script("platform/src/static-server/main.ts")],
			cwd: repositoryRoot,
			env: { OPTA_PORT_BASE: String(options.portBase) },
			readyBy: "ipc",
			ports: exported.map((site) => sitePort(options.portBase, site.name)),
			addresses: exported.map((site) => siteAddress(options, site.name, site.title, "/")),
		},
	];
}

/** Everything that runs, in the order it is started. */
export function planPlatform(options: PlatformOptions, keys: LocalKeys, mode: SiteMode): readonly PlannedProcess[] {
	return [supabaseProcess(options), hostProcess(options), ...siteProcesses(options, keys, mode)];
}

/** Every port the platform listens on, with who it is for. */
export function platformPorts(options: PlatformOptions): readonly { readonly port: number; readonly purpose: string }[] {
	return [
		...sites.map((site) => ({ port: sitePort(options.portBase, site.name), purpose: site.title })),
		{ port: options.supabasePort, purpose: "Supabase" },
		{ port: options.mailboxPort, purpose: "Mailbox" },
		{ port: options.lmxPort, purpose: "LMX" },
		{ port: options.doorPort, purpose: "Tunnel door" },
	];
}
