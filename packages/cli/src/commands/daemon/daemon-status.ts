import type { DaemonStatus } from "@opta/contracts/schema/daemon-status";
import { findDaemon } from "@opta/daemon/lifecycle/find-daemon";
import { connectRunningDaemon } from "../../daemon/connect-daemon.ts";
import { unwrapAnswer } from "../../daemon/unwrap-answer.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { formatBytes, formatDuration } from "../../terminal/format-quantity.ts";
import { tableLines } from "../../terminal/text-table.ts";
import { describeLink } from "../reach/describe-reach.ts";

type Ceiling = DaemonStatus["clients"];

const ofBytes = ({ used, limit }: Ceiling): string => `${formatBytes(used)} of ${formatBytes(limit)}`;
const ofCount = ({ used, limit }: Ceiling): string => `${used} of ${limit}`;

/** What people read of a daemon's status. */
export function describeDaemon(status: DaemonStatus, nowMs: number): string[][] {
	const { sessions, model, sandbox } = status;
	const address = model.address ?? "not found";
	return [
		["daemon", `${status.address}, process ${status.pid}, build ${status.build}${status.draining ? ", stopping" : ""}`],
		["up for", formatDuration(nowMs - Date.parse(status.startedAt))],
		["home", status.home],
		[
			"sessions",
			`${sessions.total}; ${sessions.running} running, ${sessions.waiting} waiting for an answer; in memory ${ofCount(sessions.loaded)}`,
		],
		["clients", ofCount(status.clients)],
		["memory", ofBytes(status.memoryBytes)],
		["log", ofBytes(status.logBytes)],
		["processes", `${status.children.length} of ${status.childLimit}`],
		...status.children.map(({ pid, kind, name }) => ["", `${pid}  ${kind}  ${name}`]),
		["models", `${model.provider} at ${address}${model.reachable ? "" : `: ${model.problem ?? "cannot be reached"}`}`],
		["local only", model.localOnly ? "yes: nothing leaves this computer and the host" : "no"],
		["prompt cache", model.cacheHitRate === null ? "nothing asked yet" : `${Math.round(model.cacheHitRate * 100)} % of prompts reused`],
		[
			"reach",
			status.reach.host === null ? "off" : `${status.reach.host.name ?? status.reach.host.id}: ${describeLink(status.reach.link, nowMs)}`,
		],
		["sandbox", `${sandbox.kind}${sandbox.note === null ? "" : `: ${sandbox.note}`}`],
	];
}

/** Prints the daemon's status; ends with `unreachable` where none runs. */
export const runDaemonStatus: CommandRun = async ({ context, flags }) => {
	const { output, home } = context;
	const daemon = await connectRunningDaemon(context);
	if (daemon === null) {
		const found = await findDaemon(home);
		const message =
			found.kind === "unresponsive"
				? `The daemon (process ${found.state.pid}) does not answer. Start it anew: opta daemon restart --force`
				: "No daemon runs. Start one: opta daemon start";
		if (flags.isSet("json")) {
			output.json({ running: false, problem: message });
			return "unreachable";
		}
		throw new CommandFailure("unreachable", message);
	}
	const status = unwrapAnswer(await daemon.client.status());
	if (flags.isSet("json")) {
		output.json({ running: true, ...status });
	} else {
		tableLines(describeDaemon(status, Date.now())).forEach(output.line);
	}
	return "ok";
};
