import { z } from "zod";
import { defineTool, type Tool } from "../tool.ts";
import type { CommandJobs, Job } from "./command-jobs.ts";
import { endLine } from "./end-line.ts";
import { settleLines } from "./strip-terminal-codes.ts";

const jobId = z.string().max(64).describe("As run_command gave it: job_1.");
const longestWaitMs = 60_000;

function unknownJob(id: string) {
	return {
		ok: false,
		output: `There is no job ${JSON.stringify(id)} in this session. Jobs end with their session, and the oldest ended ones are forgotten.`,
	};
}

function stateOf(job: Job): string {
	return job.end === null ? `${job.id} runs.` : `${job.id} has ended. ${endLine(job.end)}`;
}

/** Waits until a job has something to say, its end included. */
async function waitForNews(job: Job, offset: number, waitMs: number, signal: AbortSignal): Promise<void> {
	if (job.end !== null || job.running.output.length > offset) {
		return;
	}
	const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, waitMs))]);
	await Promise.race([job.news(), new Promise<void>((resolve) => limit.addEventListener("abort", () => resolve(), { once: true }))]);
}

/** `command_output` and `command_kill`. */
export function jobTools(jobs: CommandJobs): readonly Tool[] {
	const output = defineTool({
		name: "command_output",
		description: "Output of a command in the background from a position on, and whether it still runs. It says from where to read on.",
		kind: "interact",
		input: z.strictObject({
			jobId,
			offset: z.int().min(0).default(0).describe("Characters to skip, counted from the very beginning."),
			waitMs: z.int().min(0).max(longestWaitMs).default(0).describe("How long to wait for something new."),
		}),
		access: (input) => ({ title: `Read the output of ${input.jobId}`, subjects: [input.jobId], alwaysPatterns: ["*"] }),
		run: async (input, context) => {
			const job = jobs.find(context.sessionId, input.jobId);
			if (job === undefined) {
				return unknownJob(input.jobId);
			}
			await waitForNews(job, input.offset, input.waitMs, context.signal);
			const part = job.running.output.read(input.offset, Math.floor((context.maxOutputBytes - 400) / 3));
			const skipped = part.from - input.offset;
			const lines = [
				stateOf(job),
				...(skipped > 0 ? [`[${skipped} characters before this were dropped.]`] : []),
				part.text === "" ? "(nothing new)" : settleLines(part.text),
				`[Read on from offset ${part.next}${part.next < job.running.output.length ? "; there is more already" : ""}.]`,
			];
			return { ok: true, output: lines.join("\n"), truncated: part.next < job.running.output.length };
		},
	});
	const kill = defineTool({
		name: "command_kill",
		description: "Ends a command in the background with everything that it started.",
		kind: "interact",
		input: z.strictObject({ jobId }),
		access: (input) => ({ title: `End ${input.jobId}`, subjects: [input.jobId], alwaysPatterns: ["*"] }),
		run: async (input, context) => {
			const job = jobs.find(context.sessionId, input.jobId);
			if (job === undefined) {
				return unknownJob(input.jobId);
			}
			if (job.end !== null) {
				return { ok: true, output: stateOf(job) };
			}
			await job.running.end();
			await job.running.ended;
			return { ok: true, output: stateOf(job) };
		},
	});
	return [output, kill];
}
