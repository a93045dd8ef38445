import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunnerStatus } from "../serving/model-runner.ts";
import { ResidentModel } from "../serving/resident-model.ts";
import { FakeBackend, saying } from "../testing/fake-backend.ts";
import { fakeModel, fakePrediction, fakeRunners, plainOptions } from "../testing/fake-runner.ts";
import { probeModel } from "./probe-model.ts";

let backend: FakeBackend;
let resident: ResidentModel;
let facts: Partial<RunnerStatus>;
let unhealthy: string | null;
const never = new AbortController().signal;

beforeEach(async () => {
	backend = new FakeBackend();
	facts = {};
	unhealthy = null;
	const { create } = fakeRunners(true);
	const silent = { onState: () => undefined, onIdle: () => undefined, onExpired: () => undefined };
	resident = new ResidentModel(
		fakeModel("small", 40),
		plainOptions,
		fakePrediction(40),
		(...given) => {
			const runner = create(...given);
			const status = runner.status;
			return Object.assign(runner, { backend, status: () => ({ ...status(), ...facts }), unhealthyReason: () => unhealthy });
		},
		silent,
	);
	await resident.loaded;
});
afterEach(() => {
	vi.useRealTimers();
});

const probe = () => probeModel(resident, "request", never);

describe("probeModel", () => {
	it("asks an idle model for one token, after everybody else, and lets it go", async () => {
		backend.script = () => saying("x");
		expect(await probe()).toMatchObject({ state: "ok", summary: expect.stringMatching(/^small answered a question of the doctor in /) });
		expect(backend.completions).toMatchObject([{ request: { max_tokens: 1 }, call: { priority: "low", client: "doctor" } }]);
		expect(resident.leases).toBe(0);
	});

	it("gives a model no work that somebody uses", async () => {
		const release = resident.hold(undefined);
		facts = { activeRequests: 2, queuedRequests: 1, tokensPerSecond: 41.6 };
		expect(await probe()).toMatchObject({ state: "ok", summary: "small answers 2 requests now, 42 tokens/s; 1 wait." });
		release();
		expect(backend.completions).toEqual([]);
	});

	it("takes an answer of the last minute for proof, an older one not", async () => {
		vi.useFakeTimers({ toFake: ["Date"] });
		resident.hold(undefined)();
		facts = { steps: { generating: 1, answers: 1, promptTokens: 1, decodeMs: 1, workMs: 1 } };
		vi.advanceTimersByTime(20_000);
		expect(await probe()).toMatchObject({ summary: "small answered 20 s ago." });
		expect(backend.completions).toEqual([]);
		vi.advanceTimersByTime(50_000);
		await probe();
		expect(backend.completions).toHaveLength(1);
	});

	it("asks encoders for a vector and rankers for a rank", async () => {
		backend.facts = { ...backend.facts, generates: false, reranks: false };
		expect(await probe()).toMatchObject({ state: "ok" });
		backend.facts = { ...backend.facts, reranks: true };
		expect(await probe()).toMatchObject({ state: "ok" });
		expect(backend.completions).toEqual([]);
	});

	it("says why a model does not answer, and what to do", async () => {
		const fix = "Unload it and load it again: opta models unload small";
		backend.refusal = { code: "model_crashed", message: "The model's process ended." };
		expect(await probe()).toEqual({ state: "failed", summary: "small does not answer: The model's process ended.", fix });
		unhealthy = "The model small makes no progress.";
		expect(await probe()).toEqual({ state: "failed", summary: unhealthy, fix });
	});
});
