import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chatCompletionSchema } from "@opta/contracts/schema/lmx-chat";
import { modelListSchema } from "@opta/contracts/schema/lmx-models";
import { lmxStatusSchema } from "@opta/contracts/schema/lmx-status";
import { afterAll, beforeAll, expect, it } from "vitest";
import { allEvents, type LmxProcess, postChat, startLmxProcess } from "../testing/lmx-process.ts";

const model = path.join(import.meta.dirname, "../../models/stories260K.gguf");
const request = { messages: [{ role: "user", content: "Once upon a time" }], max_tokens: 24, temperature: 0, seed: 1 };

let folder: string;
let far: LmxProcess;
let near: LmxProcess;

beforeAll(async () => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-config-"));
	const tale = path.join(folder, "tale.gguf");
	copyFileSync(model, tale);
	far = await startLmxProcess("--model", tale);
	const config = path.join(folder, "config.yaml");
	writeFileSync(config, `engines: [{ name: den, kind: openai, baseUrl: "${far.url}/v1" }]\n`);
	near = await startLmxProcess(
		"--model",
		path.join(import.meta.dirname, "../../models/SmolLM2-135M-Instruct-Q4_1.gguf"),
		"--config",
		config,
	);
	await near.logged((line) => line.msg === "a server with models answers");
});

afterAll(async () => {
	await Promise.all([far.stop(), near.stop()]);
	rmSync(folder, { recursive: true, force: true });
});

it("answers with a model of another LMX exactly as that one would, whole and streamed", async () => {
	const there = chatCompletionSchema.parse(await (await postChat(far.url, { ...request, model: "tale" })).json());
	const here = chatCompletionSchema.parse(await (await postChat(near.url, { ...request, model: "tale" })).json());
	expect(here.choices).toEqual(there.choices);
	expect(here.model).toBe("tale");
	const { prompt_tokens, completion_tokens } = there.usage;
	expect(here.usage).toMatchObject({ prompt_tokens, completion_tokens });
	const streamed = await allEvents(await postChat(near.url, { ...request, model: "tale", stream: true }));
	expect(streamed.at(-1)).toBe("[DONE]");
	const text = streamed
		.slice(0, -1)
		.map((event) => JSON.parse(event).choices[0]?.delta.content ?? "")
		.join("");
	expect(text).toBe(there.choices[0]?.message.content);
});

it("lists it, tokenizes with it, and passes its refusals on", async () => {
	const list = modelListSchema.parse(await (await fetch(`${near.url}/v1/models`)).json());
	expect(list.data).toContainEqual(expect.objectContaining({ id: "tale", owned_by: "den" }));
	const post = (url: string, body: unknown): Promise<Response> =>
		fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
	const body = { model: "tale", content: "Once upon" };
	expect(await (await post(`${near.url}/tokenize`, body)).json()).toEqual(await (await post(`${far.url}/tokenize`, body)).json());
	const long = await postChat(near.url, { model: "tale", messages: [{ role: "user", content: "word ".repeat(2000) }] });
	expect(long.status).toBe(400);
	expect(await long.json()).toMatchObject({ error: { code: "context_length_exceeded" } });
});

it("ends the work there when its client leaves", async () => {
	const gone = new AbortController();
	const response = await postChat(near.url, { ...request, model: "tale", max_tokens: 400, n: 4, stream: true }, gone.signal);
	await response.body?.getReader().read();
	gone.abort();
	await expect
		.poll(async () => lmxStatusSchema.parse(await (await fetch(`${far.url}/admin/status`)).json()).performance.concurrent_requests, {
			timeout: 10_000,
		})
		.toBe(0);
});

it("says that the model is away when its server is", async () => {
	await far.stop();
	await expect.poll(async () => (await postChat(near.url, { ...request, model: "tale" })).status).toBeGreaterThanOrEqual(502);
	const refused = await postChat(near.url, { ...request, model: "tale" });
	expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining("den") } });
	expect((await postChat(near.url, { ...request, max_tokens: 2 })).status).toBe(200);
});
