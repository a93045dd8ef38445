import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { openAccountStore } from "@opta/daemon/account/account-store";
import { openComputerSecrets, readAdminKey } from "@opta/daemon/config/admin-key";
import { findLmx } from "@opta/daemon/discovery/find-lmx";
import { findDaemon } from "@opta/daemon/lifecycle/find-daemon";
import { homeFiles } from "@opta/daemon/platform/home-files";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { createLmxAdmin } from "../../lmx/lmx-admin.ts";
import { preflight } from "../../lmx/preflight.ts";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { checkChromium, checkGit, checkRipgrep, checkSandbox } from "./check-programs.ts";
import { broken, type Finding, fine, limited } from "./finding.ts";

/** 100.64.0.0/10 (RFC 6598) and names of overlay networks, which the platform uses nowhere: LAN or tunnel. */
function isOverlayAddress(host: string): boolean {
	const [first = 0, second = 0] = host.split(".").map(Number);
	return host.endsWith(".ts.net") || (first === 100 && second >= 64 && second < 128);
}

async function checkConfig(context: CliContext): Promise<{ finding: Finding; config: OptaConfig | null }> {
	try {
		const config = await loadCliConfig(context);
		return { finding: fine("config", homeFiles(context.home).config), config };
	} catch (error) {
		if (error instanceof CommandFailure) {
			return { finding: broken("config", error.message, "Correct it: opta config edit"), config: null };
		}
		throw error;
	}
}

async function checkDaemon({ home }: CliContext): Promise<Finding> {
	const found = await findDaemon(home);
	switch (found.kind) {
		case "running":
			return fine("daemon", `${found.baseUrl}, build ${found.state.build}`);
		case "stopped":
			return fine("daemon", "not running; commands start it");
		case "unresponsive":
			return broken("daemon", `process ${found.state.pid} does not answer`, "opta daemon restart --force");
	}
}

async function checkHost({ home, signal }: CliContext, config: OptaConfig): Promise<Finding[]> {
	const place = await findLmx(config);
	const key = await readAdminKey(config, home);
	const host = await preflight(createLmxAdmin(place, config, key, signal), place.source, key !== null);
	if (isOverlayAddress(place.host)) {
		const advice = "Use the address of the local network, or the tunnel: opta connect --save";
		return [limited("host", `${place.host} is an address of an overlay network, which Opta does not use.`, advice)];
	}
	if (!host.reachable) {
		return [broken("host", host.problem ?? `${host.address} cannot be reached`, "opta connect; on the host: opta serve start")];
	}
	const ready = host.models.filter(({ state }) => state === "ready");
	return [
		fine("host", `${host.address}, LMX ${host.build}, ${host.latencyMs} ms`),
		host.models.length === 0
			? broken("models", "the host has no models", "opta models pull <model>")
			: fine("models", `${host.models.length}, loaded: ${ready.map(({ id }) => id).join(", ") || "none; the first task loads one"}`),
		host.adminKey === "needed"
			? limited("admin key", "the host wants one for opta models", "opta config set connection.adminKey")
			: fine("admin key", host.adminKey === "accepted" ? "accepted" : "not needed"),
	];
}

async function checkKeychain({ home }: CliContext): Promise<Finding> {
	const { kind, place } = await openComputerSecrets(home);
	return kind === "keychain"
		? fine("keychain", place)
		: limited(
				"keychain",
				`There is none that works; secrets are in ${place}, which you alone can read.`,
				"Start the secret service of your desktop.",
			);
}

async function checkAccount({ home }: CliContext): Promise<Finding> {
	const store = await openAccountStore(home);
	try {
		const credential = await store.read();
		return fine("account", credential === null ? "not signed in (needed for the vault only)" : `signed in, kept in ${store.place}`);
	} catch (error) {
		return broken("account", error instanceof Error ? error.message : String(error), "opta account login");
	}
}

/** Looks at every layer. */
export const runDoctor: CommandRun = async ({ context, flags }) => {
	const { output } = context;
	const { finding, config } = await checkConfig(context);
	const findings = [
		finding,
		await checkDaemon(context),
		...(config === null ? [] : await checkHost(context, config)),
		await checkKeychain(context),
		await checkSandbox(context, config?.tools.sandbox.enabled ?? true),
		...(await Promise.all([checkGit(), checkRipgrep(), checkChromium()])),
		await checkAccount(context),
	];
	const isBroken = findings.some(({ state }) => state === "broken");
	if (flags.isSet("json")) {
		output.json({ ok: !isBroken, findings });
		return isBroken ? "failed" : "ok";
	}
	const marks = { ok: output.paint("green", "✓"), warning: output.paint("yellow", "!"), broken: output.paint("red", "✗") };
	for (const { layer, state, message, fix } of findings) {
		output.line(`${marks[state]} ${layer}: ${message}`);
		if (fix !== null) {
			output.line(`    ${fix}`);
		}
	}
	return isBroken ? "failed" : "ok";
};
