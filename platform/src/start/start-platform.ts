import { mkdirSync } from "node:fs";
import path from "node:path";
import { checkPorts, describePortConflict } from "@opta/native-host/ports/check-ports";
import type { ProcessChange } from "@opta/native-host/supervisor/supervision";
import { buildSites } from "../build/build-sites.ts";
import { renderAddressTable } from "./address-table.ts";
import { type LocalKeys, prepareLocalKeys } from "./local-keys.ts";
import { planPlatform, platformPorts, type SiteMode } from "./platform-plan.ts";
import { readOptions } from "./read-options.ts";
import { runPlatform } from "./run-platform.ts";

const say = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

function refuse(message: string, exitCode = 1): number {
	(exitCode === 0 ? process.stdout : process.stderr).write(`${message}\n`);
	return exitCode;
}

/** Aborts at Ctrl-C, SIGTERM, SIGHUP, or when the process that started this one is gone. A second Ctrl-C changes nothing: the stop is bounded. */
function stopSignal(): AbortSignal {
	const stopping = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		process.on(signal, () => stopping.abort());
	}
	process.on("disconnect", () => stopping.abort());
	return stopping.signal;
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve(), { once: true })));

function describeChange(change: ProcessChange): string | null {
	if (change.state === "restarting" || change.state === "failed") {
		return `${change.name}: ${change.state}, ${change.reason}`;
	}
	return change.state === "ready" && change.restarts > 0 ? `${change.name}: ready again` : null;
}

async function prepareState(home: string, portBase: number): Promise<LocalKeys | string> {
	try {
		mkdirSync(path.join(home, "logs"), { recursive: true });
		return await prepareLocalKeys(home, portBase);
	} catch (error) {
		return `The state folder ${home} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
	}
}

/**
 * Runs the platform until it is told to stop: settings, ports, keys, build, processes, table.
 * @returns the exit code
 */
export async function startPlatform(mode: SiteMode, args: readonly string[]): Promise<number> {
	const read = readOptions(`npm ${mode === "dev" ? "run dev" : "start"} --`, "Starts the whole platform on this machine.", args);
	if (!read.ok) {
		return refuse(read.message, read.exitCode);
	}
	const { options } = read;
	const stopping = stopSignal();
	const conflicts = await checkPorts(platformPorts(options));
	if (conflicts.length > 0) {
		return refuse(
			[
				...conflicts.map(describePortConflict),
				"Nothing was started. Stop what holds the port, or choose other ports (npm start -- --help).",
			].join("\n"),
		);
	}
	const keys = await prepareState(options.home, options.portBase);
	if (typeof keys === "string") {
		return refuse(keys);
	}
	if (mode === "start") {
		say("Building what changed …");
		const built = await buildSites(stopping);
		if (stopping.aborted) {
			return 130;
		}
		if (!built.ok) {
			return refuse(`${built.output}\nThe build failed; the lines above say where.`);
		}
	}
	say("Starting …");
	const plan = planPlatform(options, keys, mode);
	let started = false;
	const running = runPlatform(plan, mode, path.join(options.home, "logs"), (change) => {
		const line = started && !stopping.aborted ? describeChange(change) : null;
		if (line !== null) {
			say(line);
		}
	});
	const outcome = await Promise.race([running.ready, whenAborted(stopping).then(() => null)]);
	if (outcome === null || !outcome.ok) {
		await running.stop();
		return outcome === null
			? 130
			: refuse(`${outcome.failed.name} could not be started: ${outcome.failed.reason}\nIts log: ${outcome.failed.logFile}`);
	}
	started = true;
	const rows = plan.flatMap((planned) => planned.addresses.map((address) => ({ ...address, state: "ready" })));
	say(`\n${renderAddressTable(rows)}\n\n  Ctrl-C stops everything. State and logs: ${options.home}\n`);
	process.send?.({ type: "ready" });
	await whenAborted(stopping);
	say("Stopping …");
	await running.stop();
	return 0;
}
