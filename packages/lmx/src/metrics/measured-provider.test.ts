import { chatRequestSchema } from "@opta/contracts/schema/lmx-chat";
import { Registry } from "prom-client";
import { beforeEach, describe, expect, it } from "vitest";
import type { AnswerListener, Call } from "../serving/backend.ts";
import { FakeProvider, saying } from "../testing/fake-backend.ts";
import { AnswerMetrics } from "./answer-metrics.ts";
import { measuredProvider } from "./measured-provider.ts";

const call: Call = { requestId: "r", client: "c", priority: "normal" };
const request = chatRequestSchema.parse({ messages: [{ role: "user", content: "Hi" }] });

let registry: Registry;
let fake: FakeProvider;
let nowMs: number;

beforeEach(() => {
	registry = new Registry();
	fake = new FakeProvider();
	nowMs = 0;
});

async function lines(): Promise<string[]> {
	return (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

async function ask(during: (cancel: () => void) => Partial<AnswerListener> = () => ({})): Promise<string> {
	const provider = measuredProvider(fake, new AnswerMetrics(registry, () => nowMs));
	const held = await provider.acquire({ model: "fake", signal: new AbortController().signal });
	if (!held.ok) {
		return held.error.code;
	}
	return new Promise((resolve) => {
		const running = held.value.backend.chat(request, call, {
			onAccepted: () => undefined,
			onDelta: () => {
				nowMs += 20;
			},
			onFinish: () => undefined,
			onEnd: () => resolve("end"),
			onError: ({ code }) => resolve(code),
			...during(() => {
				running.cancel();
				resolve("cancelled");
			}),
		});
	});
}

describe("measuredProvider", () => {
	it("measures an answer from its request to its last token, and changes nothing of it", async () => {
		fake.backend.script = () => saying("a", "b", "c");
		expect(
			await ask(() => ({
				onAccepted: () => {
					nowMs += 300;
				},
			})),
		).toBe("end");
		expect(await lines()).toEqual(
			expect.arrayContaining([
				'lmx_answers_total{model="fake",outcome="ok"} 1',
				'lmx_answers_in_flight{model="fake"} 0',
				'lmx_time_to_first_token_seconds_sum{model="fake"} 0.3',
				'lmx_inter_token_seconds_count{model="fake"} 2',
				'lmx_inter_token_seconds_sum{model="fake"} 0.04',
				'lmx_prompt_tokens_total{model="fake"} 10',
				'lmx_cached_prompt_tokens_total{model="fake"} 4',
				'lmx_generated_tokens_total{model="fake"} 5',
			]),
		);
	});

	it("counts refusals by their code and cancelled answers once", async () => {
		fake.backend.refusal = { code: "queue_full", message: "Full." };
		expect(await ask()).toBe("queue_full");
		fake.backend.refusal = null;
		registry.clear();
		expect(await ask((cancel) => ({ onDelta: cancel }))).toBe("cancelled");
		expect(await lines()).toContain('lmx_answers_total{model="fake",outcome="cancelled"} 1');
		expect(await lines()).toContain('lmx_answers_in_flight{model="fake"} 0');
		expect(fake.backend.cancelled).toBe(1);
	});

	it("counts the other work of a model", async () => {
		const provider = measuredProvider(fake, new AnswerMetrics(registry));
		const held = await provider.acquire({ model: "fake", signal: new AbortController().signal });
		expect(held.ok && (await held.value.backend.embed(["a"], new AbortController().signal)).ok).toBe(true);
		expect(await lines()).toContain('lmx_operations_total{model="fake",operation="embed",outcome="ok"} 1');
	});

	it("makes no label of a name that no model has", async () => {
		const provider = measuredProvider(fake, new AnswerMetrics(registry));
		await provider.acquire({ model: "made-up", signal: new AbortController().signal });
		expect((await lines()).join()).not.toContain("made-up");
	});
});
