import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Job } from "@opta/contracts/schema/lmx-jobs";
import fc from "fast-check";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventBus } from "../events/event-bus.ts";
import { JobRunner } from "../jobs/job-runner.ts";
import { JobStore } from "../jobs/job-store.ts";
import type { ModelProvider } from "../serving/backend.ts";
import { FakeBackend, saying } from "../testing/fake-backend.ts";
import { benchShape, benchWork } from "./bench-work.ts";
import { summarisePoint } from "./summarise-point.ts";

let home: string;
let store: JobStore;
let events: EventBus;
let jobs: JobRunner;
let backend: FakeBackend;
let released: number;

beforeEach(() => {
	home = mkdtempSync(path.join(tmpdir(), "opta-bench-"));
	store = new JobStore(path.join(home, "jobs.sqlite"));
	events = new EventBus();
	backend = new FakeBackend();
	released = 0;
	const models: ModelProvider = {
		acquire: async ({ model }) =>
			model === "small"
				? {
						ok: true,
						value: {
							modelId: "small",
							backend,
							defaults: { systemPrompt: null, parameters: {} },
							release: () => {
								released++;
							},
						},
					}
				: { ok: false, error: { code: "model_not_found", message: "no such model" } },
	};
	const library = { list: () => [], find: () => undefined } as unknown as Parameters<typeof benchWork>[0]["library"];
	jobs = new JobRunner({ store, events, logger: pino({ level: "silent" }) });
	jobs.register(benchWork({ models, library }));
	jobs.begin();
});
afterEach(async () => {
	await jobs.close();
	store.close();
	rmSync(home, { recursive: true, force: true });
});

function run(request: Parameters<typeof benchShape>[0]): Promise<Job> {
	return new Promise((resolve) => {
		events.subscribe((event) => {
			const job = event.type === "job.updated" ? jobs.get("bench", event.job) : undefined;
			if (job !== undefined && ["succeeded", "failed"].includes(job.state)) {
				resolve(job);
			}
		});
		jobs.start("bench", request, request.model);
	});
}

describe("a bench", () => {
	it("asks as many answers at a time as was wished, with prompts of their own, at a low priority, and gives the model back", async () => {
		const job = await run({ model: "small", batchSizes: [1, 3], promptTokens: 20, generatedTokens: 5 });
		expect(job).toMatchObject({
			state: "succeeded",
			result: { modelId: "small", points: [{ batchSize: 1 }, { batchSize: 3, generatedTokens: 15 }] },
		});
		expect(backend.completions).toHaveLength(4);
		expect(new Set(backend.completions.map(({ request }) => JSON.stringify(request.prompt))).size).toBe(4);
		expect(backend.completions.every(({ call, request }) => call.priority === "low" && request.prompt.length === 20)).toBe(true);
		expect(released).toBe(1);
	});

	it("fails with the model's own reason, and gives the model back then too", async () => {
		expect(await run({ model: "gone" })).toMatchObject({ state: "failed", error: { code: "model_not_found" } });
		backend.script = () => [...saying("a").slice(0, 1), { error: { code: "model_crashed", message: "gone" } }];
		expect(await run({ model: "small", batchSizes: [2] })).toMatchObject({ state: "failed", error: { code: "model_crashed" } });
		expect(released).toBe(1);
	});

	it("says the numbers when the context is too small for a wish", async () => {
		expect(await run({ model: "small", batchSizes: [4], promptTokens: 1000 })).toMatchObject({
			state: "failed",
			error: { code: "context_length_exceeded", details: { limit: 512 } },
		});
	});
});

describe("benchShape", () => {
	it("always fits into the context when nothing was wished", () => {
		fc.assert(
			fc.property(fc.integer({ min: 64, max: 200_000 }), (contextTokens) => {
				const shape = benchShape({ model: "m" }, contextTokens);
				expect(shape.ok).toBe(true);
				if (shape.ok) {
					const { batchSizes, promptTokens, generatedTokens } = shape.value;
					expect((promptTokens + generatedTokens) * Math.max(...batchSizes)).toBeLessThanOrEqual(contextTokens);
				}
			}),
		);
	});
});

describe("summarisePoint", () => {
	it("counts prompts until the last first token and generation after the first", () => {
		const point = summarisePoint(0, [
			{ firstTokenMs: 500, endMs: 1500, promptTokens: 100, generatedTokens: 11 },
			{ firstTokenMs: 1000, endMs: 2000, promptTokens: 100, generatedTokens: 11 },
		]);
		expect(point).toEqual({
			batchSize: 2,
			promptTokens: 200,
			generatedTokens: 22,
			promptTokensPerSecondTotal: 200,
			generatedTokensPerSecond: 10,
			generatedTokensPerSecondTotal: 13.33,
			firstTokenMs: 750,
		});
	});
});
