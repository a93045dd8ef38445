import type { ModelCall, ModelEvent, ModelFailure, ModelRequest, ModelUsage } from "../model/model-source.ts";
import type { ChosenModel } from "../model/models.ts";
import { readTextCalls } from "../model/text-calls.ts";

/** What a model answered in one step. */
export interface StepAnswer {
	readonly content: string;
	readonly reasoning: string;
	readonly calls: readonly ModelCall[];
	/** `length`: the answer was cut, and perhaps its last call. */
	readonly reason: "stop" | "length" | "tool_calls";
	readonly usage: ModelUsage;
	/** Why it broke off; what had arrived is in the other fields. */
	readonly failure: ModelFailure | null;
}

/** Who hears of an answer while it comes. */
export interface StepListener {
	readonly onText: (channel: "text" | "reasoning", text: string, offset: number) => void;
	readonly onProgress: (event: Extract<ModelEvent, { type: "progress" }>) => void;
}

const noUsage: ModelUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

/** Asks a model once. Calls that it wrote into its text are taken out of it. */
export async function askStep(
	model: ChosenModel,
	request: Omit<ModelRequest, "model">,
	listener: StepListener,
	signal: AbortSignal,
): Promise<StepAnswer> {
	let content = "";
	let reasoning = "";
	const calls: ModelCall[] = [];
	let end: Pick<StepAnswer, "reason" | "usage" | "failure"> = { reason: "stop", usage: noUsage, failure: null };
	for await (const event of model.ask(request, signal)) {
		if (event.type === "text") {
			listener.onText("text", event.text, content.length);
			content += event.text;
		} else if (event.type === "reasoning") {
			listener.onText("reasoning", event.text, reasoning.length);
			reasoning += event.text;
		} else if (event.type === "call") {
			calls.push(event.call);
		} else if (event.type === "progress") {
			listener.onProgress(event);
		} else if (event.type === "done") {
			end = { reason: event.reason, usage: event.usage, failure: null };
		} else {
			end = { ...end, failure: event.failure };
		}
	}
	if (calls.length > 0 || end.failure !== null) {
		return { content, reasoning, calls, ...end };
	}
	const read = readTextCalls(content, new Set(request.tools.map(({ name }) => name)));
	return { content: read.content, reasoning, calls: read.calls.map((call, index) => ({ id: `text_${index}`, ...call })), ...end };
}
