import { build } from "@opta/contracts/build";
import { compareBuilds } from "@opta/contracts/compare-builds";
import { broken, type CheckOutcome, fine, limited, runCheck } from "@opta/contracts/doctor-check";
import { type DoctorLayer, inLayerOrder } from "@opta/contracts/doctor-layers";
import type { DoctorCheck } from "@opta/contracts/schema/doctor";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { openComputerSecrets, readAdminKey } from "@opta/daemon/config/admin-key";
import { findLmx } from "@opta/daemon/discovery/find-lmx";
import { findDaemon } from "@opta/daemon/lifecycle/find-daemon";
import { homeFiles } from "@opta/daemon/platform/home-files";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { connectRunningDaemon } from "../../daemon/connect-daemon.ts";
import { createLmxAdmin } from "../../lmx/lmx-admin.ts";
import { preflight } from "../../lmx/preflight.ts";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import type { Output } from "../../terminal/output.ts";
import { checkAccount } from "./check-account.ts";
import { judgeDaemon, judgeLink } from "./check-daemon.ts";
import { askHostDoctor, judgeAdminKey, judgeHost, judgeHostAddress, judgeModels } from "./check-host.ts";
import { checkChromium, checkGit, checkRipgrep, checkSandbox } from "./check-programs.ts";

const timeLimitMs = 20_000;

function check(layer: DoctorLayer, name: string, look: () => CheckOutcome | Promise<CheckOutcome>): Promise<DoctorCheck> {
	return runCheck({ layer, name, timeLimitMs, fixWhenLate: "Try again; if it stays, look at what this computer is busy with." }, look);
}

async function checkConfig(context: CliContext): Promise<{ readonly outcome: CheckOutcome; readonly config: OptaConfig | null }> {
	try {
		const config = await loadCliConfig(context);
		return { outcome: fine(homeFiles(context.home).config), config };
	} catch (error) {
		if (error instanceof CommandFailure) {
			return { outcome: broken(error.message, "Correct it: opta config edit"), config: null };
		}
		throw error;
	}
}

async function checkKeychain({ home }: CliContext): Promise<CheckOutcome> {
	const { kind, place } = await openComputerSecrets(home);
	return kind === "keychain"
		? fine(place)
		: limited(`There is none that works; secrets are in ${place}, which you alone can read.`, "Start the secret service of your desktop.");
}

async function checkDaemon(context: CliContext): Promise<{ readonly checks: readonly DoctorCheck[]; readonly build: string | null }> {
	const found = await findDaemon(context.home);
	const daemon = found.kind === "running" ? await connectRunningDaemon(context) : null;
	const status = await daemon?.client.status();
	const checks = await Promise.all([
		check("daemon", "daemon", () => judgeDaemon(found)),
		check("peers", "link", () => judgeLink(status?.ok === true ? status.value.reach : null)),
	]);
	return { checks, build: found.kind === "running" ? found.state.build : null };
}

async function checkHost(
	{ home, signal }: CliContext,
	config: OptaConfig,
): Promise<{ readonly checks: readonly DoctorCheck[]; readonly build: string | null }> {
	const place = await findLmx(config);
	const key = await readAdminKey(config, home);
	const admin = createLmxAdmin(place, config, key, signal);
	const host = await preflight(admin, place.source, key !== null);
	const own = await Promise.all([
		check("lmx", "host", () => judgeHost(host)),
		...(host.reachable ? [check("lmx", "models", () => judgeModels(host)), check("lmx", "admin key", () => judgeAdminKey(host))] : []),
		check("address", "address", () => judgeHostAddress(place.host)),
	]);
	return { checks: [...own, ...(host.reachable ? await askHostDoctor(admin) : [])], build: host.build };
}

async function examine(context: CliContext): Promise<readonly DoctorCheck[]> {
	const { outcome, config } = await checkConfig(context);
	const [computer, account, daemon, host] = await Promise.all([
		Promise.all([
			check("computer", "config", () => outcome),
			check("computer", "keychain", () => checkKeychain(context)),
			check("computer", "sandbox", () => checkSandbox(context, config?.tools.sandbox.enabled ?? true)),
			check("computer", "git", checkGit),
			check("computer", "ripgrep", checkRipgrep),
			check("computer", "chromium", checkChromium),
		]),
		checkAccount(context.home, config),
		checkDaemon(context),
		config === null ? { checks: [], build: null } : checkHost(context, config),
	]);
	const others = [
		{ program: "daemon", build: daemon.build },
		{ program: "LMX", build: host.build },
	].flatMap((each) => (each.build === null ? [] : [{ program: each.program, build: each.build }]));
	const versions = await check("versions", "programs", () => compareBuilds([{ program: "opta", build }, ...others]));
	const seen = new Set<string>();
	// The host's own findings come by the local network and by its door: once is enough.
	return inLayerOrder([...computer, ...daemon.checks, ...host.checks, versions, ...account]).filter(({ layer, name }) => {
		const isNew = !seen.has(`${layer} ${name}`);
		seen.add(`${layer} ${name}`);
		return isNew;
	});
}

function print(output: Output, checks: readonly DoctorCheck[]): void {
	const marks = {
		ok: output.paint("green", "✓"),
		warning: output.paint("yellow", "!"),
		failed: output.paint("red", "✗"),
		skipped: output.paint("dim", "–"),
	};
	for (const [layer, found] of Map.groupBy(checks, (each) => each.layer)) {
		output.line(layer);
		for (const { name, state, summary, fix } of found) {
			output.line(`  ${marks[state]} ${name}: ${summary}`);
			if (fix !== null) {
				output.line(`      ${fix}`);
			}
		}
	}
}

/** Looks at every layer, from this computer to the models. */
export const runDoctor: CommandRun = async ({ context, flags }) => {
	const { output } = context;
	const checks = await examine(context);
	const isBroken = checks.some(({ state }) => state === "failed");
	if (flags.isSet("json")) {
		output.json({ ok: !isBroken, build, at: new Date().toISOString(), checks });
	} else {
		print(output, checks);
	}
	return isBroken ? "failed" : "ok";
};
