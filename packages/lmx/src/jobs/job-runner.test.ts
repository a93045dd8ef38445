import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { LmxEvent } from "@opta/contracts/schema/lmx-events";
import type { DownloadResult } from "@opta/contracts/schema/lmx-jobs";
import fc from "fast-check";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventBus } from "../events/event-bus.ts";
import type { Answer } from "../serving/backend.ts";
import type { JobContext, JobWork } from "./job-kind.ts";
import { JobRunner } from "./job-runner.ts";
import { JobStore } from "./job-store.ts";
import { jobActions, nextState } from "./job-transitions.ts";

let home: string;
let store: JobStore;
let events: EventBus;
let told: Extract<LmxEvent, { type: "job.updated" }>[];

/** A run that the test ends. */
interface OpenRun {
	readonly model: string;
	readonly context: JobContext;
	end(answer: Answer<DownloadResult>): void;
}

let runs: OpenRun[];
let discarded: string[];
const done: Answer<DownloadResult> = { ok: true, value: { modelId: "m", fileBytes: 1, files: [], verified: true } };

beforeEach(() => {
	home = mkdtempSync(path.join(tmpdir(), "opta-jobs-"));
	store = new JobStore(path.join(home, "jobs.sqlite"));
	events = new EventBus();
	told = [];
	runs = [];
	discarded = [];
	events.subscribe((event) => {
		if (event.type === "job.updated") {
			told.push(event);
		}
	});
});
afterEach(() => {
	store.close();
	rmSync(home, { recursive: true, force: true });
});

function work(concurrency = 1, resumes = true): JobWork<"download"> {
	return {
		kind: "download",
		concurrency,
		resumes,
		run: (job, context) =>
			new Promise((resolve) => {
				runs.push({ model: job.model, context, end: resolve });
				context.signal.addEventListener("abort", () => resolve({ ok: false, error: { code: "cancelled", message: "stopped" } }));
			}),
		discard: async (job) => {
			discarded.push(job.model);
		},
	};
}

function runner(chosen = work()): JobRunner {
	const made = new JobRunner({ store, events, logger: pino({ level: "silent" }) });
	made.register(chosen);
	made.begin();
	return made;
}

function begin(jobs: JobRunner, model: string): string {
	const started = jobs.start("download", { model }, model);
	return started.ok ? started.value.id : "";
}

function until(state: string, model: string): Promise<void> {
	return new Promise((resolve) => {
		const end = events.subscribe((event) => {
			if (event.type === "job.updated" && event.state === state && event.model === model) {
				end();
				resolve();
			}
		});
	});
}

describe("JobRunner", () => {
	it("runs one after the other, in order, and tells each state", async () => {
		const jobs = runner();
		const first = begin(jobs, "a");
		begin(jobs, "b");
		expect(runs.map(({ model }) => model)).toEqual(["a"]);
		const ended = until("succeeded", "a");
		runs[0]?.end(done);
		await ended;
		expect(jobs.get("download", first)).toMatchObject({ state: "succeeded", result: { modelId: "m" }, error: null });
		await Promise.resolve();
		expect(runs.map(({ model }) => model)).toEqual(["a", "b"]);
		expect(told.filter(({ model }) => model === "a").map(({ state }) => state)).toEqual(["queued", "running", "succeeded"]);
		await jobs.close();
	});

	it("pauses and goes on with what was kept, and cancels with everything removed", async () => {
		const jobs = runner();
		const id = begin(jobs, "a");
		runs[0]?.context.keepPlan({ at: 7 });
		expect(await jobs.pause("download", id)).toMatchObject({ ok: true, value: { state: "paused" } });
		expect(runs[0]?.context.signal.aborted).toBe(true);
		expect(await jobs.resume("download", id)).toMatchObject({ ok: true, value: { state: "running" } });
		expect(runs[1]?.context.plan).toEqual({ at: 7 });
		expect(discarded).toEqual([]);
		expect(await jobs.cancel("download", id)).toMatchObject({ ok: true, value: { state: "cancelled" } });
		expect(discarded).toEqual(["a"]);
		expect(await jobs.cancel("download", id)).toMatchObject({ ok: false, error: { code: "conflict" } });
		expect(await jobs.cancel("download", "nobody")).toMatchObject({ ok: false, error: { code: "not_found" } });
	});

	it("keeps why a job failed, and lets it try again", async () => {
		const jobs = runner();
		const id = begin(jobs, "a");
		const failed = until("failed", "a");
		runs[0]?.end({ ok: false, error: { code: "host_unreachable", message: "The hub does not answer." } });
		await failed;
		expect(jobs.get("download", id)?.error?.message).toBe("The hub does not answer.");
		expect(await jobs.resume("download", id)).toMatchObject({ ok: true, value: { state: "running", error: null } });
		await jobs.close();
	});

	it("takes up after the process was gone what can go on, and says of the rest that it failed", async () => {
		const before = runner();
		begin(before, "a");
		runs[0]?.context.keepPlan({ half: true });
		begin(before, "b");
		runs = [];
		const after = runner();
		expect(runs.map(({ model, context }) => [model, context.plan])).toEqual([["a", { half: true }]]);
		await after.close();
		const other = runner(work(1, false));
		expect(other.list("download").map(({ model, state }) => [model, state])).toEqual([
			["b", "running"],
			["a", "failed"],
		]);
		expect(discarded).toEqual(["a"]);
	});

	it("leaves running jobs for the next start when LMX ends", async () => {
		const jobs = runner();
		begin(jobs, "a");
		await jobs.close();
		expect(store.all().map(({ job }) => job.state)).toEqual(["running"]);
	});

	it("tells progress a few times a second, not at every report", async () => {
		const jobs = runner();
		begin(jobs, "a");
		const told42 = new Promise<void>((resolve) => {
			events.subscribe((event) => {
				if (event.type === "job.updated" && event.doneBytes === 999) {
					resolve();
				}
			});
		});
		for (let bytes = 0; bytes < 1000; bytes++) {
			runs[0]?.context.report({ doneBytes: bytes });
		}
		await told42;
		expect(told.filter(({ doneBytes }) => doneBytes !== null)).toHaveLength(1);
		await jobs.close();
	});
});

describe("nextState", () => {
	it("never leaves an end but by the wish to try a failed one again, and every state has a way to an end", () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...jobActions)), (actions) => {
				let state: Parameters<typeof nextState>[0] = "queued";
				for (const action of actions) {
					const next = nextState(state, action);
					if (state === "succeeded" || state === "cancelled") {
						expect(next).toBeNull();
					} else {
						expect(nextState(state, "cancel")).toBe("cancelled");
					}
					state = next ?? state;
				}
			}),
		);
	});
});
