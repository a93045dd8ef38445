import { readFileSync } from "node:fs";
import path from "node:path";
import { benchJobSchema, benchListSchema, downloadJobSchema, downloadListSchema, quantizeJobSchema } from "@opta/contracts/schema/lmx-jobs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type FakeHub, startFakeHub } from "../../testing/fake-hub.ts";
import { type LmxProcess, postChat, startLmxProcess } from "../../testing/lmx-process.ts";

const stories = readFileSync(path.join(import.meta.dirname, "../../../models/stories260K.gguf"));
let hub: FakeHub;
let lmx: LmxProcess;

beforeAll(async () => {
	hub = await startFakeHub({ "tales-F32.gguf": stories });
	vi.stubEnv("HF_ENDPOINT", hub.origin);
	lmx = await startLmxProcess("--model", "stories260k", "--sequences", "4");
});
afterAll(async () => {
	await lmx.stop();
	await hub.close();
	vi.unstubAllEnvs();
});

function post(route: string, body?: unknown): Promise<Response> {
	const json = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
	return fetch(`${lmx.url}${route}`, { method: "POST", ...json });
}

/** Waits on the events of the server until a job has ended, and gives it. */
async function ended(route: string, id: string): Promise<unknown> {
	const read = async (): Promise<{ state: string }> => (await fetch(`${lmx.url}${route}/${id}`)).json() as Promise<{ state: string }>;
	const stop = new AbortController();
	const events = await fetch(`${lmx.url}/admin/events`, { signal: stop.signal });
	const reader = events.body?.getReader();
	for (;;) {
		const job = await read();
		if (["succeeded", "failed", "cancelled"].includes(job.state)) {
			stop.abort();
			return job;
		}
		await reader?.read();
	}
}

describe("jobs over HTTP", () => {
	it("downloads by the older spelling, and the model answers at once", async () => {
		const started = await post("/admin/model/download?model_id=me/repo");
		expect(started.status).toBe(202);
		const { id } = downloadJobSchema.parse(await started.json());
		expect(await ended("/admin/downloads", id)).toMatchObject({ state: "succeeded", result: { modelId: "tales-f32", verified: true } });
		const chat = await postChat(lmx.url, { model: "tales-f32", messages: [{ role: "user", content: "Once upon a time" }], max_tokens: 4 });
		expect(chat.status).toBe(200);
		const list = downloadListSchema.parse(await (await fetch(`${lmx.url}/admin/downloads`)).json());
		expect(list.jobs.map((job) => job.id)).toEqual([id]);
		expect(await (await post("/admin/models/download", { model: "me/repo", id: "tales-f32" })).json()).toMatchObject({
			error: { code: "conflict" },
		});
		expect((await post(`/admin/downloads/${id}/cancel`)).status).toBe(409);
	});

	it("quantises a model of the library", async () => {
		const refused = await post("/admin/quantize", { model: "smollm2-135m-instruct", type: "Q4_0" });
		expect(refused.status).toBe(400);
		expect(await refused.json()).toMatchObject({ error: { param: "allowRequantize" } });
		const started = await post("/admin/quantize", { model: "stories260k", type: "Q8_0" });
		expect(started.status).toBe(202);
		const { id } = quantizeJobSchema.parse(await started.json());
		const job = quantizeJobSchema.parse(await ended("/admin/quantize", id));
		expect(job).toMatchObject({ state: "succeeded", result: { modelId: "stories260k-q8_0" } });
		const chat = await postChat(lmx.url, { model: "stories260k-q8_0", messages: [{ role: "user", content: "Once" }], max_tokens: 4 });
		expect(chat.status).toBe(200);
	});

	it("measures a model and lists what was measured", async () => {
		const started = await post("/admin/bench", { model: "stories260k", batchSizes: [1, 3], promptTokens: 40, generatedTokens: 20 });
		expect(started.status).toBe(202);
		const { id } = benchJobSchema.parse(await started.json());
		const job = benchJobSchema.parse(await ended("/admin/bench", id));
		expect(job.result?.points.map(({ batchSize, promptTokens }) => [batchSize, promptTokens])).toEqual([
			[1, 40],
			[3, 120],
		]);
		expect(job.result?.points.every(({ generatedTokensPerSecondTotal }) => generatedTokensPerSecondTotal > 1)).toBe(true);
		const list = async (model: string): Promise<number> =>
			benchListSchema.parse(await (await fetch(`${lmx.url}/admin/bench?model=${model}`)).json()).jobs.length;
		expect([await list("stories260k"), await list("other")]).toEqual([1, 0]);
		expect((await post("/admin/bench", { model: "gone" })).status).toBe(404);
	});
});
