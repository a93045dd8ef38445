import type { JobKind } from "@opta/contracts/schema/lmx-events";
import type { Job, JobProgress } from "@opta/contracts/schema/lmx-jobs";
import type { Answer } from "../serving/backend.ts";

/** A job of one kind. */
export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;

/** What a job has while it runs. */
export interface JobContext {
	/** Aborted when the job is paused or cancelled, or LMX ends; the run then settles soon, with whatever answer. */
	readonly signal: AbortSignal;
	/** Changes what is shown of the progress; told to listeners a few times a second at most. */
	report(progress: Partial<JobProgress>): void;
	/** Changes the name of the model that is shown, when it becomes known. */
	rename(model: string): void;
	/** What `keepPlan` was given last, in this run or in one before; null for none. */
	readonly plan: unknown;
	/** Keeps a JSON value for the next run of this job, on disk when this returns. */
	keepPlan(plan: unknown): void;
}

/** How jobs of one kind are done. */
export interface JobWork<K extends JobKind> {
	readonly kind: K;
	/** Jobs at the same time; the others wait. */
	readonly concurrency: number;
	/** Can be paused, and goes on after a restart of LMX from what it left; else it fails then. */
	readonly resumes: boolean;
	run(job: JobOf<K>, context: JobContext): Promise<Answer<NonNullable<JobOf<K>["result"]>>>;
	/** Removes what a job that was given up left on disk. */
	discard(job: JobOf<K>, plan: unknown): Promise<void>;
}
