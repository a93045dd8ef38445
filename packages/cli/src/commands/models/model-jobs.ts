import { type Job, jobSchema } from "@opta/contracts/schema/lmx-jobs";
import { z } from "zod";
import { describeProgress } from "../../lmx/follow-job.ts";
import { type LmxAdmin, openLmxAdmin } from "../../lmx/lmx-admin.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";

const paths: Readonly<Record<Job["kind"], string>> = { download: "/admin/downloads", quantize: "/admin/quantize", bench: "/admin/bench" };
const listSchema = z.object({ jobs: z.array(jobSchema) });

async function readJobs(admin: LmxAdmin): Promise<Job[]> {
	const lists = await Promise.all(Object.values(paths).map((path) => admin.call({ path, schema: listSchema })));
	return lists.flatMap(({ jobs }) => jobs).sort((left, right) => right.createdAt.localeCompare(left.createdAt));
}

/** Lists the host's jobs, newest first. */
export const runListJobs: CommandRun = async ({ context: { output, ...rest }, flags }) => {
	const jobs = await readJobs(await openLmxAdmin({ output, ...rest }));
	if (flags.isSet("json")) {
		output.json({ jobs });
		return "ok";
	}
	if (jobs.length === 0) {
		output.note("The host has no jobs.");
	}
	for (const job of jobs) {
		const title = `${job.id}  ${job.kind}  ${job.state}  ${job.model}`;
		output.line(
			job.finishedAt === null ? describeProgress(title, job.progress) : `${title}${job.error === null ? "" : `  ${job.error.message}`}`,
		);
	}
	return "ok";
};

/** Ends a job of the host. */
export const runCancelJob: CommandRun = async ({ context, args, flags }) => {
	const admin = await openLmxAdmin(context);
	const [wanted = ""] = args;
	const found = (await readJobs(admin)).filter(({ id }) => id.startsWith(wanted));
	const [job] = found;
	if (job === undefined || found.length > 1) {
		throw new CommandFailure(
			"failed",
			job === undefined ? `There is no job ${wanted}.` : `${wanted} is part of several jobs. Write more of it.`,
		);
	}
	const cancelled = await admin.call({ method: "POST", path: `${paths[job.kind]}/${job.id}/cancel`, schema: jobSchema });
	if (flags.isSet("json")) {
		context.output.json(cancelled);
	} else {
		context.output.line(`${job.kind} of ${job.model}: ${cancelled.state}`);
	}
	return "ok";
};
