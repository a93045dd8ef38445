import type { JobState } from "@opta/contracts/schema/lmx-events";

/** What can happen to a job. */
export const jobActions = ["start", "pause", "resume", "cancel", "succeed", "fail", "restart"] as const;

/** What can happen to a job. */
export type JobAction = (typeof jobActions)[number];

const transitions: Readonly<Record<JobState, Readonly<Partial<Record<JobAction, JobState>>>>> = {
	queued: { start: "running", pause: "paused", cancel: "cancelled" },
	running: { pause: "paused", cancel: "cancelled", succeed: "succeeded", fail: "failed", restart: "queued" },
	paused: { resume: "queued", cancel: "cancelled" },
	/** A failed job keeps what it has, so that it can go on where it stopped; cancelling it throws that away. */
	failed: { resume: "queued", cancel: "cancelled" },
	succeeded: {},
	cancelled: {},
};

/** The state after an action; null when the action makes no sense there. `restart`: LMX itself ended meanwhile. */
export function nextState(state: JobState, action: JobAction): JobState | null {
	return transitions[state][action] ?? null;
}

/** True when the job will do nothing more by itself. */
export function isFinished(state: JobState): boolean {
	return state === "succeeded" || state === "failed" || state === "cancelled";
}
