import type { JobKind } from "@opta/contracts/schema/lmx-events";
import type { Job, JobProgress } from "@opta/contracts/schema/lmx-jobs";
import { v7 as uuid } from "uuid";
import type { NewEvent } from "../events/event-bus.ts";
import type { JobOf } from "./job-kind.ts";

const noProgress: JobProgress = { doneBytes: null, totalBytes: null, bytesPerSecond: null, etaMs: null, fraction: null, message: null };

/** A job that waits for its turn. */
export function newJob<K extends JobKind>(kind: K, request: JobOf<K>["request"], model: string): JobOf<K> {
	const createdAt = new Date().toISOString();
	const common = {
		id: uuid(),
		state: "queued",
		model,
		result: null,
		error: null,
		progress: noProgress,
		createdAt,
		startedAt: null,
		finishedAt: null,
	};
	return { kind, request, ...common } as unknown as JobOf<K>;
}

/** The event that tells how a job is now. */
export function jobEvent({ id, kind, state, model, progress, error }: Job): NewEvent {
	const { message, ...numbers } = progress;
	return { type: "job.updated", job: id, kind, state, model, ...numbers, message: error?.message ?? message };
}
