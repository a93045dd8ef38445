import { mkdirSync } from "node:fs";
import path from "node:path";
import { tunnelMessageSchema } from "@opta/contracts/schema/process-message";
import { environment, roleEnvironment } from "../env.ts";
import type { HostOptions } from "../options/host-options.ts";
import { checkPorts, describePortConflict } from "../ports/check-ports.ts";
import { refuseByPolicy } from "../roles/host-policy.ts";
import { type PlannedRole, planRoles } from "../roles/plan-roles.ts";
import { errorSentence } from "../supervisor/log-line.ts";
import { superviseProcess } from "../supervisor/supervise-process.ts";
import type { SupervisedProcess, SupervisionEnd } from "../supervisor/supervision.ts";
import { stopSignal, tellParent } from "./parent-process.ts";
import { createErrorMirror, describeRoleChange, describeTunnel } from "./terminal-lines.ts";

const readyTimeoutMs = 60_000;
const exitCodes = { stopped: 0, failed: 1 } as const;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const complain = (line: string): boolean => process.stderr.write(`${line}\n`);

function logFileOf(options: HostOptions, role: string): string {
	return path.join(options.stateDir, "logs", `${role}.log`);
}

/** Starts one role under supervision; the terminal and the parent process hear of its changes. */
function startRole(
	planned: PlannedRole,
	options: HostOptions,
	width: number,
	mirror: ReturnType<typeof createErrorMirror>,
): SupervisedProcess {
	const logFile = logFileOf(options, planned.role);
	let served = false;
	return superviseProcess({
		name: planned.role,
		command: process.execPath,
		args: planned.args,
		env: roleEnvironment(planned.variablePrefix, planned.variables),
		ready: { ipc: true },
		readyTimeoutMs,
		logFile,
		onState: (change) => {
			tellParent({ type: "role", role: planned.role, state: change.state, pid: change.pid, reason: change.reason });
			const line = describeRoleChange(change, planned.url, width);
			if (line !== null && (served || change.state !== "failed")) {
				(change.state === "failed" ? complain : say)(line);
			}
			served ||= change.state === "ready";
		},
		onMessage: (message) => {
			const view = tunnelMessageSchema.safeParse(message);
			if (view.success) {
				tellParent(view.data);
				const line = describeTunnel(planned.role, view.data, width);
				if (line !== null) {
					say(line);
				}
			}
		},
		onLine: (line, stream) => {
			const sentence = served ? errorSentence(stream, line) : null;
			if (sentence !== null) {
				mirror(planned.role.padEnd(width), sentence, logFile);
			}
		},
	});
}

/** What to say about a role that never served: its own words when it found some. */
function describeFailedStart(role: string, end: SupervisionEnd & { readonly state: "failed" }, logFile: string): string {
	return end.lastWords ?? `The role ${role} could not be started: it ${end.reason}. Its log: ${logFile}`;
}

/** Settles as soon as a role cannot be started, with what to say; with null when all serve or were told to stop. */
async function firstFailedStart(roles: readonly SupervisedProcess[], options: HostOptions): Promise<string | null> {
	const starts = roles.map(async (role) => {
		const outcome = await role.ready;
		const failed = !outcome.ok && outcome.end.state === "failed";
		return failed ? describeFailedStart(role.name, outcome.end, logFileOf(options, role.name)) : null;
	});
	const all = Promise.all(starts).then((failures) => failures.find((failure) => failure !== null) ?? null);
	const each = starts.map(async (start) => (await start) ?? all);
	return Promise.race(each);
}

/**
 * Runs the wanted roles until this process is told to stop.
 * @returns the exit code: 0 when told to stop, 1 when a role could not be started or none is left
 */
export async function runHost(options: HostOptions): Promise<number> {
	try {
		mkdirSync(options.stateDir, { recursive: true, mode: 0o700 });
	} catch (error) {
		complain(`The state folder ${options.stateDir} cannot be made: ${error instanceof Error ? error.message : String(error)}`);
		return exitCodes.failed;
	}
	const refusal = await refuseByPolicy({ options, environment });
	if (refusal !== null) {
		complain(refusal);
		return exitCodes.failed;
	}
	const plan = planRoles(options);
	const ports = plan.flatMap(({ port, lanPort, title }) => [
		{ port, purpose: title },
		...(lanPort === null ? [] : [{ port: lanPort, purpose: `${title}, for devices of the network` }]),
	]);
	const conflicts = await checkPorts(ports);
	if (conflicts.length > 0) {
		complain(`${conflicts.map(describePortConflict).join("\n")}\nNothing was started. Stop what holds the port, or choose another one.`);
		return exitCodes.failed;
	}
	const stopping = stopSignal();
	const width = Math.max(...plan.map((planned) => planned.role.length));
	const mirror = createErrorMirror(complain, () => performance.now());
	const roles = plan.map((planned) => startRole(planned, options, width, mirror));
	const stopAll = async (): Promise<void> => {
		await Promise.all(roles.map((role) => role.stop()));
	};
	stopping.addEventListener("abort", () => void stopAll(), { once: true });

	const failure = await firstFailedStart(roles, options);
	if (failure !== null) {
		await stopAll();
		complain(failure);
		return exitCodes.failed;
	}
	if (!stopping.aborted) {
		tellParent({ type: "ready" });
	}
	const ends = await Promise.all(roles.map((role) => role.ended));
	return ends.some((end) => end.state === "stopped") ? exitCodes.stopped : exitCodes.failed;
}
