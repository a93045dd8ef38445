import type { ChatDelta } from "@opta/contracts/schema/lmx-chat";
import { describe, expect, it } from "vitest";
import type { EngineRequest } from "../engine/engine-messages.ts";
import type { GenerationResult } from "../engine/scheduler/generation.ts";
import type { EngineListener } from "../supervision/open-work.ts";
import { plainReader } from "./answer-reader.ts";
import type { AnswerListener } from "./backend.ts";
import { runChoices } from "./run-choices.ts";

const result: GenerationResult = {
	finishReason: "stop",
	stopSequence: null,
	promptTokens: 10,
	cachedTokens: 4,
	completionTokens: 5,
	reasoningTokens: 2,
	acceptedDraftTokens: 1,
	rejectedDraftTokens: 0,
	promptMs: 20,
	predictedMs: 40,
};

function start(count: number, logprobs: number | null = null) {
	const engines: EngineListener[] = [];
	const cancelled: string[] = [];
	const heard: string[] = [];
	const listener: AnswerListener = {
		onAccepted: (promptTokens) => heard.push(`accepted ${promptTokens}`),
		onDelta: (choice, delta: ChatDelta, tokens) => heard.push(`${choice} ${delta.content} ${tokens?.length ?? "-"}`),
		onFinish: (choice, reason) => heard.push(`${choice} ${reason}`),
		onEnd: (usage, timings) => heard.push(`end ${usage.prompt_tokens}+${usage.completion_tokens} ${timings?.predicted_n}`),
		onError: ({ code }) => heard.push(code),
	};
	const choices = Array.from({ length: count }, (_, index) => ({
		request: { id: String(index), logprobs } as EngineRequest,
		createReader: () => plainReader,
	}));
	const engine = {
		generate: (_request: EngineRequest, each: EngineListener) => engines.push(each),
		cancel: (id: string) => cancelled.push(id),
	};
	const running = runChoices(engine, choices, listener);
	return { engines, cancelled, heard, running };
}

describe("the choices of an answer", () => {
	it("say nothing before all of them were accepted, and end together", () => {
		const { engines, heard } = start(2);
		const [first, second] = engines as [EngineListener, EngineListener];
		first.onAccepted(10, false);
		first.onText("one", []);
		expect(heard).toEqual([]);
		second.onAccepted(10, false);
		second.onText("two", []);
		first.onEnd(result);
		second.onEnd({ ...result, finishReason: "length" });
		expect(heard).toEqual(["accepted 10", "0 one -", "1 two -", "0 stop", "1 length", "end 10+10 10"]);
	});

	it("end all when one of them is refused, and say so once", () => {
		const { engines, heard, cancelled } = start(3);
		engines[0]?.onAccepted(10, false);
		engines[1]?.onError({ code: "queue_full", message: "" });
		engines[2]?.onError({ code: "queue_full", message: "" });
		expect(heard).toEqual(["queue_full"]);
		expect(cancelled).toEqual(["0", "1", "2"]);
	});

	it("are silent after they were given up", () => {
		const { engines, heard, cancelled, running } = start(2);
		engines[0]?.onAccepted(10, false);
		engines[0]?.onText("one", []);
		running.cancel();
		engines[1]?.onAccepted(10, false);
		engines[1]?.onError({ code: "model_crashed", message: "" });
		expect(cancelled).toEqual(["0", "1"]);
		expect(heard.filter((line) => line !== "accepted 10")).toEqual([]);
	});

	it("carry the probabilities of the tokens beside the text that they make", () => {
		const { engines, heard } = start(1, 0);
		const token = (text: string) => ({ token: text, logprob: -1, bytes: null, top_logprobs: [] });
		engines[0]?.onAccepted(10, false);
		engines[0]?.onText("one two", [token("one"), token(" two")]);
		engines[0]?.onText("x", [token("x"), token("")]);
		expect(heard).toEqual(["accepted 10", "0 one 1", "0  two 1", "0 x 1"]);
	});
});
