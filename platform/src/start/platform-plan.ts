import path from "node:path";
import { fileURLToPath } from "node:url";
import { localAddressing, siteOrigin, sitePort, siteUrl } from "@opta/contracts/site-url";
import { type SiteName, sites } from "@opta/contracts/sites";
import type { Readiness } from "@opta/native-host/supervisor/supervision";
import { repositoryRoot } from "../environment/env.ts";
import type { PlatformOptions } from "../environment/platform-options.ts";
import type { LocalKeys } from "./local-keys.ts";

/** An address in the table that `npm start` prints. */
export interface PlatformAddress {
	readonly title: string;
	readonly url: string;
}

/** A process that `npm start` runs and the addresses that it serves. */
export interface PlannedProcess {
	readonly name: string;
	/** Arguments for Node; secrets are in `env`, never here. */
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
	/** How it says that it serves. */
	readonly ready: Readiness;
	readonly addresses: readonly PlatformAddress[];
	/** Folders of its sources: in watch mode a change in them starts it anew. Empty where the program watches by itself. */
	readonly sources: readonly string[];
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
		ready: { ipc: true },
		sources: [script("supabase"), script("packages/contracts/src")],
		addresses: [
			{ title: "Supabase", url: loopback(options.supabasePort, "") },
			{ title: "Mailbox", url: loopback(options.mailboxPort, "/") },
		],
	};
}

function hostProcess(options: PlatformOptions): PlannedProcess {
	return {
		name: "native-host",
		args: [
			script("native-host/src/main.ts"),
			...[
				"--roles",
				"lmx,tunnel",
				"--lmx-port",
				String(options.lmxPort),
				"--door-port",
				String(options.doorPort),
				"--state-dir",
				options.home,
			],
			...(options.model === null ? [] : ["--model", options.model]),
		],
		cwd: repositoryRoot,
		env: {},
		ready: { ipc: true },
		sources: [script("native-host/src"), script("packages/lmx/src"), script("packages/tunnel/src"), script("packages/contracts/src")],
		addresses: [
			{ title: "LMX", url: loopback(options.lmxPort, "/") },
			{ title: "Tunnel door", url: loopback(options.doorPort, "") },
		],
	};
}

function addressOf(options: PlatformOptions, site: SiteName): string {
	return siteUrl({ ...localAddressing, portBase: options.portBase }, site);
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
			return {
				...common,
				...backend,
				OPTA_PASS_SIGNING_KEY: keys.passSigningKey,
				OPTA_PORTAL_KEY: keys.portalKey,
				OPTA_MAILBOX_URL: loopback(options.mailboxPort, "/"),
			};
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
			// Node does not resolve names under .localhost, so the name is sent as the Host header.
			ready: {
				http: { url: loopback(port, site.kind === "server" ? "/api/health" : "/"), host: new URL(addressOf(options, site.name)).host },
			},
			sources: [],
			addresses: [{ title: site.title, url: addressOf(options, site.name) }],
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
			ready: { ipc: true },
			sources: [],
			addresses: exported.map((site) => ({ title: site.title, url: addressOf(options, site.name) })),
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
