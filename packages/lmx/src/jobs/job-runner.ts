import type { JobKind } from "@opta/contracts/schema/lmx-events";
import type { Job } from "@opta/contracts/schema/lmx-jobs";
import type { Logger } from "pino";
import type { EventBus } from "../events/event-bus.ts";
import type { Answer, AnswerError } from "../serving/backend.ts";
import { JobEntry } from "./job-entry.ts";
import type { JobContext, JobOf, JobWork } from "./job-kind.ts";
import type { JobStore } from "./job-store.ts";
import { nextState } from "./job-transitions.ts";
import { newJob } from "./new-job.ts";

/** Finished jobs of a kind that are kept. */
const historyLimit = 200;
/** Jobs of a kind that may wait. */
const queueLimit = 100;

/** What a runner is made of. */
export interface RunnerParts {
	readonly store: JobStore;
	readonly events: EventBus;
	readonly logger: Logger;
}

function fail(code: AnswerError["code"], message: string): { ok: false; error: AnswerError } {
	return { ok: false, error: { code, message } };
}

/** Runs jobs in the background, a few of each kind at a time, and keeps them on disk. */
export class JobRunner {
	readonly #parts: RunnerParts;
	readonly #entries = new Map<string, JobEntry>();
	readonly #works = new Map<JobKind, JobWork<JobKind>>();
	#isClosed = false;

	constructor(parts: RunnerParts) {
		this.#parts = parts;
	}

	/** Says how jobs of a kind are done; call `begin` when all kinds are known. */
	register<K extends JobKind>(work: JobWork<K>): void {
		this.#works.set(work.kind, work as unknown as JobWork<JobKind>);
	}

	/** Takes up the jobs of the last time: those that can go on do, others have failed. */
	begin(): void {
		for (const stored of this.#parts.store.all()) {
			const { job } = stored;
			const entry = new JobEntry(stored, this.#parts);
			this.#entries.set(job.id, entry);
			if (job.state === "running") {
				if (this.#works.get(job.kind)?.resumes === true) {
					entry.apply("restart");
				} else {
					const message = "LMX ended while this job was running. Start it again.";
					entry.apply("fail", { error: { code: "unavailable", message } });
					this.#discard(entry);
				}
			}
		}
		for (const kind of this.#works.keys()) {
			this.#fill(kind);
		}
	}

	/** Jobs of a kind, newest first. */
	list<K extends JobKind>(kind: K): JobOf<K>[] {
		return [...this.#entries.values()]
			.map(({ job }) => job as JobOf<K>)
			.filter((job) => job.kind === kind)
			.reverse();
	}

	/** The job with this id and kind. */
	get<K extends JobKind>(kind: K, id: string): JobOf<K> | undefined {
		const job = this.#entries.get(id)?.job;
		return job?.kind === kind ? (job as JobOf<K>) : undefined;
	}

	/** Adds a job; it runs when its turn comes. `model` is the one that is made or measured. */
	start<K extends JobKind>(kind: K, request: JobOf<K>["request"], model: string): Answer<JobOf<K>> {
		const waiting = this.list(kind).filter(({ state }) => state === "queued").length;
		if (waiting >= queueLimit) {
			return fail("queue_full", `${waiting} jobs of this kind are waiting already. Wait for one to end, or cancel one.`);
		}
		const job = newJob(kind, request, model);
		const entry = new JobEntry({ job, plan: null }, this.#parts);
		this.#entries.set(job.id, entry);
		entry.add();
		this.#fill(kind);
		return { ok: true, value: entry.job as JobOf<K> };
	}

	/** Stops a job so that it can go on later. */
	pause<K extends JobKind>(kind: K, id: string): Promise<Answer<JobOf<K>>> {
		return this.#act(kind, id, "pause");
	}

	/** Lets a paused or failed job go on. */
	resume<K extends JobKind>(kind: K, id: string): Promise<Answer<JobOf<K>>> {
		return this.#act(kind, id, "resume");
	}

	/** Gives a job up and removes what it left; settles when that is done. */
	cancel<K extends JobKind>(kind: K, id: string): Promise<Answer<JobOf<K>>> {
		return this.#act(kind, id, "cancel");
	}

	/** Stops everything; what was running goes on at the next start, where it can. The store stays open. */
	async close(): Promise<void> {
		this.#isClosed = true;
		const running = [...this.#entries.values()].filter(({ stop }) => stop !== null);
		for (const { stop } of running) {
			stop?.abort();
		}
		await Promise.all(running.map(({ ended }) => ended));
	}

	async #act<K extends JobKind>(kind: K, id: string, action: "pause" | "resume" | "cancel"): Promise<Answer<JobOf<K>>> {
		const entry = this.#entries.get(id);
		if (entry === undefined || entry.job.kind !== kind) {
			return fail("not_found", `There is no such job (${id}). It may have been forgotten: the last ${historyLimit} are kept.`);
		}
		if (action === "pause" && this.#works.get(kind)?.resumes !== true) {
			return fail("conflict", "Jobs of this kind cannot be paused. Cancel it instead.");
		}
		if (nextState(entry.job.state, action) === null) {
			return fail("conflict", `This job is ${entry.job.state}; it cannot ${action}.`);
		}
		entry.apply(action, action === "resume" ? { error: null, finishedAt: null } : {});
		entry.stop?.abort();
		await entry.ended;
		if (action === "cancel") {
			await this.#discard(entry);
		}
		this.#fill(kind);
		return { ok: true, value: entry.job as JobOf<K> };
	}

	/** Starts waiting jobs of a kind, oldest first, as many as may run. */
	#fill(kind: JobKind): void {
		const work = this.#works.get(kind);
		if (work === undefined || this.#isClosed) {
			return;
		}
		const entries = [...this.#entries.values()].filter(({ job }) => job.kind === kind);
		let free = work.concurrency - entries.filter(({ stop }) => stop !== null).length;
		for (const entry of entries) {
			if (free > 0 && entry.job.state === "queued" && entry.stop === null) {
				free--;
				entry.stop = new AbortController();
				entry.apply("start", { startedAt: entry.job.startedAt ?? new Date().toISOString() });
				entry.ended = this.#run(entry, work, entry.stop.signal);
			}
		}
	}

	async #run(entry: JobEntry, work: JobWork<JobKind>, signal: AbortSignal): Promise<void> {
		const { logger } = this.#parts;
		const context: JobContext = {
			signal,
			plan: entry.plan,
			report: (progress) => {
				if (!signal.aborted) {
					entry.report(progress);
				}
			},
			rename: (model) => entry.rename(model),
			keepPlan: (plan) => entry.keepPlan(plan),
		};
		let answer: Answer<NonNullable<Job["result"]>>;
		try {
			answer = await work.run(entry.job, context);
		} catch (error) {
			if (!signal.aborted) {
				logger.error({ err: error, job: entry.job.id, kind: entry.job.kind }, "a job failed");
			}
			answer = fail("internal", `The job failed: ${error instanceof Error ? error.message : String(error)}`);
		}
		entry.stop = null;
		if (entry.job.state === "running" && !(this.#isClosed && signal.aborted)) {
			if (answer.ok) {
				entry.apply("succeed", { result: answer.value } as Partial<Job>);
			} else {
				entry.apply("fail", { error: answer.error });
			}
			logger.info({ job: entry.job.id, kind: entry.job.kind, model: entry.job.model, state: entry.job.state }, "job ended");
		}
		this.#forgetOld(entry.job.kind);
		this.#fill(entry.job.kind);
	}

	#forgetOld(kind: JobKind): void {
		for (const id of this.#parts.store.trim(kind, historyLimit)) {
			const entry = this.#entries.get(id);
			this.#entries.delete(id);
			if (entry?.job.state === "failed") {
				this.#discard(entry);
			}
		}
	}

	async #discard({ job, plan }: JobEntry): Promise<void> {
		try {
			await this.#works.get(job.kind)?.discard(job, plan);
		} catch (error) {
			this.#parts.logger.warn({ err: error, job: job.id }, "what a job left could not be removed");
		}
	}
}
