import type { Job, JobProgress } from "@opta/contracts/schema/lmx-jobs";
import type { EventBus } from "../events/event-bus.ts";
import type { JobStore, StoredJob } from "./job-store.ts";
import { isFinished, type JobAction, nextState } from "./job-transitions.ts";
import { jobEvent } from "./new-job.ts";

/** Progress is told this often at most. */
const reportMs = 250;

/** Where a job is kept, and who hears of it. */
export interface JobEntryParts {
	readonly store: Pick<JobStore, "save">;
	readonly events: Pick<EventBus, "publish">;
}

/** A job as it is now: what changes is on disk before anybody hears of it. */
export class JobEntry {
	/** Set while it runs. */
	stop: AbortController | null = null;
	/** Settles when the run is over. */
	ended: Promise<void> = Promise.resolve();
	readonly #parts: JobEntryParts;
	#job: Job;
	#plan: unknown;
	#reportTimer: NodeJS.Timeout | null = null;

	constructor({ job, plan }: StoredJob, parts: JobEntryParts) {
		this.#job = job;
		this.#plan = plan;
		this.#parts = parts;
	}

	get job(): Job {
		return this.#job;
	}

	/** What the job's kind keeps for itself, such as how far it came. */
	get plan(): unknown {
		return this.#plan;
	}

	/** Keeps a new job. */
	add(): void {
		this.#save();
		this.#tell();
	}

	/** Changes the state. Throws where the state does not allow it. */
	apply(action: JobAction, change: Partial<Job> = {}): void {
		const state = nextState(this.#job.state, action);
		if (state === null) {
			throw new Error(`A job that is ${this.#job.state} cannot ${action}.`);
		}
		const finishedAt = isFinished(state) ? new Date().toISOString() : null;
		const progress = { ...this.#job.progress, bytesPerSecond: null, etaMs: null };
		this.#job = { ...this.#job, finishedAt, progress, ...change, state } as Job;
		this.#save();
		this.#tell();
	}

	/** Tells of progress, which is not kept. */
	report(progress: Partial<JobProgress>): void {
		this.#job = { ...this.#job, progress: { ...this.#job.progress, ...progress } };
		this.#reportTimer ??= setTimeout(() => {
			this.#reportTimer = null;
			this.#tell();
		}, reportMs);
	}

	/** Keeps the name of what the job makes, once it is known. */
	rename(model: string): void {
		this.#job = { ...this.#job, model };
		this.#save();
	}

	keepPlan(plan: unknown): void {
		this.#plan = plan;
		this.#save();
	}

	#save(): void {
		this.#parts.store.save({ job: this.#job, plan: this.#plan });
	}

	#tell(): void {
		if (this.#reportTimer !== null) {
			clearTimeout(this.#reportTimer);
			this.#reportTimer = null;
		}
		this.#parts.events.publish(jobEvent(this.#job));
	}
}
