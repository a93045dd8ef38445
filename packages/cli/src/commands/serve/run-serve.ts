import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { defaultPorts } from "@opta/contracts/ports";
import { healthSchema } from "@opta/contracts/schema/lmx-status";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { runsFromSources } from "../../daemon/daemon-command.ts";
import { createLmxAdmin, type LmxAdmin } from "../../lmx/lmx-admin.ts";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun, ExitName } from "../../program/command-spec.ts";
import { runOverSsh } from "./over-ssh.ts";
import { readServeState, removeServeState, serveLog, writeServeState } from "./serve-state.ts";

const usualStartMs = 120_000;
const pollMs = 200;
const stopMs = 30_000;

async function localLmx(context: CliContext, port: number): Promise<LmxAdmin> {
	return createLmxAdmin({ host: "127.0.0.1", port, source: "loopback" }, await loadCliConfig(context), null, context.signal);
}

const health = { path: "/healthz", schema: healthSchema, timeoutMs: 2000 } as const;

/** Program and arguments that start LMX here. */
function commandOf({ context, flags }: CommandCall, port: number): readonly [string, readonly string[]] {
	const line = flags.text("command");
	if (line !== undefined) {
		return process.platform === "win32" ? ["cmd.exe", ["/d", "/s", "/c", line]] : ["/bin/sh", ["-c", `exec ${line}`]];
	}
	if (!runsFromSources) {
		throw new CommandFailure(
			"failed",
			"This installed opta has no inference server in it. Start LMX from the platform's repository (npm run opta -- serve start), " +
				"name what starts it with --command, or do it on the host with --ssh.",
		);
	}
	const host = fileURLToPath(new URL("../../../../../native-host/src/main.ts", import.meta.url));
	return [process.execPath, [host, "--roles", "lmx", "--lmx-port", String(port), "--state-dir", context.home]];
}

function report({ context: { output }, flags }: CommandCall, facts: Record<string, unknown>, line: string): ExitName {
	if (flags.isSet("json")) {
		output.json(facts);
	} else {
		output.line(line);
	}
	return "ok";
}

function overSsh(call: CommandCall, verb: string): Promise<ExitName> | null {
	const { context, flags } = call;
	const target = flags.text("ssh");
	if (target === undefined) {
		return null;
	}
	const [port, command] = [flags.number("port"), flags.text("command")];
	const words = [flags.text("remote") ?? "opta", "serve", verb, ...(flags.isSet("json") ? ["--json"] : [])];
	return runOverSsh(context, target, [
		...words,
		...(port === undefined ? [] : ["--port", String(port)]),
		...(command === undefined ? [] : ["--command", command]),
	]);
}

async function waitUntilReady(context: CliContext, lmx: LmxAdmin, hasEnded: () => boolean, timeoutMs: number): Promise<void> {
	const giveUpAt = performance.now() + timeoutMs;
	while (performance.now() < giveUpAt) {
		const answer = await lmx.ask(health);
		if (answer.ok && answer.value.status === "ok") {
			return;
		}
		if (hasEnded()) {
			throw new CommandFailure("failed", `LMX ended before it was ready. Its last words are in ${serveLog(context.home)}`);
		}
		context.output.progress(answer.ok ? `LMX is ${answer.value.status} …` : "LMX is starting …");
		await delay(pollMs);
	}
	throw new CommandFailure("unreachable", `LMX did not answer in ${timeoutMs / 1000} s. It goes on; its log: ${serveLog(context.home)}`);
}

async function startHere(call: CommandCall): Promise<ExitName> {
	const { context, flags } = call;
	const { home, environment } = context;
	const config = await loadCliConfig(context);
	if (config.hostPolicy === "client") {
		throw new CommandFailure(
			"failed",
			"This computer is client-only (hostPolicy: client): it never hosts models. Start LMX on the host: opta serve start --ssh <user@host>",
		);
	}
	const port = flags.number("port") ?? defaultPorts.lmx;
	const lmx = await localLmx(context, port);
	if ((await lmx.ask(health)).ok) {
		return report(call, { running: true, started: false, address: lmx.baseUrl }, `LMX runs already: ${lmx.baseUrl}`);
	}
	const [program, args] = commandOf(call, port);
	await mkdir(path.dirname(serveLog(home)), { recursive: true, mode: 0o700 });
	const log = await open(serveLog(home), "a", 0o600);
	let hasEnded = false;
	try {
		const child = spawn(program, args, { cwd: home, detached: true, env: { ...environment }, stdio: ["ignore", log.fd, log.fd] });
		child.once("exit", () => {
			hasEnded = true;
		});
		await once(child, "spawn");
		child.unref();
		await writeServeState(home, child.pid ?? 0, port);
		await waitUntilReady(context, lmx, () => hasEnded, flags.number("timeout") ?? usualStartMs);
		context.output.progress(null);
		return report(call, { running: true, started: true, address: lmx.baseUrl, pid: child.pid }, `LMX has started: ${lmx.baseUrl}`);
	} finally {
		await log.close();
	}
}

async function stopHere(call: CommandCall): Promise<ExitName> {
	const { home } = call.context;
	const state = await readServeState(home);
	if (state === null) {
		return report(call, { running: false, wasRunning: false }, "No LMX runs that opta serve start has started.");
	}
	process.kill(state.pid, "SIGTERM");
	const giveUpAt = performance.now() + stopMs;
	while ((await readServeState(home)) !== null) {
		if (performance.now() > giveUpAt) {
			throw new CommandFailure("failed", `LMX (process ${state.pid}) has not ended in ${stopMs / 1000} s. Look at ${serveLog(home)}`);
		}
		await delay(pollMs);
	}
	await removeServeState(home);
	return report(call, { running: false, wasRunning: true }, "LMX has stopped.");
}

async function statusHere(call: CommandCall): Promise<ExitName> {
	const { context } = call;
	const state = await readServeState(context.home);
	const lmx = await localLmx(context, state?.port ?? defaultPorts.lmx);
	const answer = await lmx.ask(health);
	const pid = state?.pid ?? null;
	if (!answer.ok) {
		report(call, { running: false, pid, address: lmx.baseUrl }, `No LMX answers at ${lmx.baseUrl}.`);
		return "unreachable";
	}
	const { status, build } = answer.value;
	const line = `LMX ${build} is ${status}: ${lmx.baseUrl}${pid === null ? "" : ` (process ${pid})`}`;
	return report(call, { running: true, status, build, pid, address: lmx.baseUrl }, line);
}

/** Starts LMX, here or over ssh. */
export const runServeStart: CommandRun = (call) => overSsh(call, "start") ?? startHere(call);
/** Stops it. */
export const runServeStop: CommandRun = (call) => overSsh(call, "stop") ?? stopHere(call);
/** Looks whether it runs. */
export const runServeStatus: CommandRun = (call) => overSsh(call, "status") ?? statusHere(call);
