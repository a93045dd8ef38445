import path from "node:path";
import { chatCompletionSchema } from "@opta/contracts/schema/lmx-chat";
import type { LmxStreamMessage } from "@opta/contracts/schema/lmx-events";
import { lmxStreamMessageSchema } from "@opta/contracts/schema/lmx-events";
import { logPageSchema } from "@opta/contracts/schema/lmx-logs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LmxProcess, postChat, startLmxProcess } from "../../testing/lmx-process.ts";
import { SseReader } from "../../testing/sse-reader.ts";

const model = path.join(import.meta.dirname, "../../../models/stories260K.gguf");
const chat = { messages: [{ role: "user", content: "Once upon a time" }] };

let lmx: LmxProcess;

beforeAll(async () => {
	lmx = await startLmxProcess("--model", model);
});

afterAll(() => lmx.stop());

/** Reads on until a message matches. */
async function until<Type extends LmxStreamMessage["type"]>(
	reader: SseReader,
	type: Type,
	matches: (message: Extract<LmxStreamMessage, { type: Type }>) => boolean = () => true,
): Promise<Extract<LmxStreamMessage, { type: Type }>> {
	for (;;) {
		const message = lmxStreamMessageSchema.parse((await reader.next()).data);
		if (message.type === type && matches(message as Extract<LmxStreamMessage, { type: Type }>)) {
			return message as Extract<LmxStreamMessage, { type: Type }>;
		}
	}
}

describe("a running LMX", () => {
	it("tells of its load while it answers, and of its rest afterwards", async () => {
		const reader = new SseReader(await fetch(`${lmx.url}/admin/events`));
		const snapshot = await until(reader, "snapshot");
		expect(snapshot.events).toContainEqual(expect.objectContaining({ type: "model.state", model: "stories260k", state: "ready" }));
		const gone = new AbortController();
		const busy = (async () => {
			while (!gone.signal.aborted) {
				await (await postChat(lmx.url, { ...chat, max_tokens: 400 })).text();
			}
		})();
		const load = await until(reader, "requests.load", ({ tokensPerSecond }) => tokensPerSecond > 0);
		expect(load.active).toBeGreaterThan(0);
		gone.abort();
		await busy;
		await until(reader, "requests.load", ({ active }) => active === 0);
		await reader.close();
	});

	it("tells of a crash and of the model's return, and goes on where a reader was", async () => {
		const reader = new SseReader(await fetch(`${lmx.url}/admin/events`));
		const { id } = await reader.next();
		process.kill(lmx.enginePid(), "SIGKILL");
		await until(reader, "model.crashed");
		await until(reader, "model.state", ({ state }) => state === "ready");
		await reader.close();
		const back = new SseReader(await fetch(`${lmx.url}/admin/events`, { headers: { "last-event-id": id ?? "" } }));
		expect(await until(back, "model.crashed")).toMatchObject({ model: "stories260k", restartInMs: 250 });
		await back.close();
		const metrics = await (await fetch(`${lmx.url}/metrics`)).text();
		expect(metrics).toContain('lmx_model_restarts_total{model="stories260k"} 1');
	});

	it("keeps what the engine wrote, by model, and nothing of what was said", async () => {
		await postChat(lmx.url, { messages: [{ role: "user", content: "a very secret word" }], max_tokens: 3 });
		const read = async (query: string) => logPageSchema.parse(await (await fetch(`${lmx.url}/admin/logs?${query}`)).json());
		const native = await read("model=stories260k&limit=1000");
		expect(native.entries.some(({ facts }) => typeof facts.native === "string")).toBe(true);
		expect(native.entries.every((entry) => entry.model === "stories260k")).toBe(true);
		expect(JSON.stringify(await read("limit=1000"))).not.toContain("secret word");
	});

	it("answers to the name of a preset, with its prompt and parameters", async () => {
		const put = await fetch(`${lmx.url}/admin/presets/short`, {
			method: "PUT",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ model: "stories260k", systemPrompt: "One.", parameters: { max_tokens: 2, temperature: 0 } }),
		});
		expect(put.status).toBe(201);
		const ask = async (body: object) => chatCompletionSchema.parse(await (await postChat(lmx.url, body)).json());
		const preset = await ask({ ...chat, model: "Short" });
		expect(preset).toMatchObject({ model: "stories260k", usage: { completion_tokens: 2 } });
		const plain = await ask({ ...chat, model: "stories260k", max_tokens: 2 });
		expect(preset.usage.prompt_tokens).toBeGreaterThan(plain.usage.prompt_tokens);
		expect((await ask({ ...chat, model: "short", max_tokens: 4 })).usage.completion_tokens).toBe(4);
	});
});
