import { setTimeout as delay } from "node:timers/promises";
import type { Job, JobProgress } from "@opta/contracts/schema/lmx-jobs";
import type { z } from "zod";
import { failureKindOf } from "../daemon/unwrap-answer.ts";
import type { CliContext } from "../program/cli-context.ts";
import { CommandFailure } from "../program/command-failure.ts";
import { formatBytes, formatDuration } from "../terminal/format-quantity.ts";
import type { LmxAdmin } from "./lmx-admin.ts";

const pollMs = 500;
const over = new Set<Job["state"]>(["succeeded", "failed", "cancelled"]);
const barCells = 20;

/** One line about how far a job is. */
export function describeProgress(label: string, { fraction, doneBytes, totalBytes, bytesPerSecond, etaMs, message }: JobProgress): string {
	const filled = Math.round((fraction ?? 0) * barCells);
	const parts = [
		fraction === null ? null : `${"█".repeat(filled)}${"░".repeat(barCells - filled)} ${Math.floor(fraction * 100)} %`,
		doneBytes === null || totalBytes === null ? null : `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
		bytesPerSecond === null ? null : `${formatBytes(bytesPerSecond)}/s`,
		etaMs === null ? null : `${formatDuration(etaMs)} left`,
		message,
	];
	return `${label}  ${parts.filter((part) => part !== null).join("  ")}`;
}

/**
 * Follows a job of LMX to its end, with its progress on stderr. A job belongs to the host: leaving this program does not end it.
 * @throws {CommandFailure} when it failed, was cancelled, or the person left.
 */
export async function followJob<J extends Job>(
	{ output, signal }: CliContext,
	admin: LmxAdmin,
	started: J,
	{ path, schema }: { readonly path: string; readonly schema: z.ZodType<J> },
): Promise<J> {
	let job = started;
	while (!over.has(job.state)) {
		output.progress(describeProgress(job.model, job.progress));
		await delay(pollMs, undefined, { signal }).catch(() => undefined);
		if (signal.aborted) {
			output.progress(null);
			throw new CommandFailure("interrupted", `The job goes on at the host. Look: opta models jobs, end it: opta models cancel ${job.id}`);
		}
		job = await admin.call({ path: `${path}/${job.id}`, schema });
	}
	output.progress(null);
	if (job.state !== "succeeded") {
		throw new CommandFailure(job.error === null ? "failed" : failureKindOf(job.error), job.error?.message ?? `${job.model}: cancelled.`);
	}
	return job;
}
