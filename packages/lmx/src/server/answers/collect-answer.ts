import type {
	ChatDelta,
	FinishReason,
	McpCall,
	Timings,
	TokenLogprob,
	ToolCall,
	ToolCallDelta,
	Usage,
} from "@opta/contracts/schema/lmx-chat";
import type { Answer, AnswerError } from "../../serving/backend.ts";
import { runAnswer, type StartAnswer } from "./run-answer.ts";

/** One choice of a whole answer. */
export class CollectedChoice {
	content = "";
	reasoning = "";
	finishReason: FinishReason = "stop";
	readonly toolCalls: ToolCall[] = [];
	/** By id: the end of a call takes the place of its beginning. */
	readonly mcpCalls = new Map<string, McpCall>();
	readonly logprobs: TokenLogprob[] = [];

	/** Adds what one event brings. */
	add(delta: ChatDelta, logprobs: readonly TokenLogprob[] | null): void {
		this.content += delta.content ?? "";
		this.reasoning += delta.reasoning_content ?? "";
		this.logprobs.push(...(logprobs ?? []));
		for (const call of delta.tool_calls ?? []) {
			this.#addCall(call);
		}
		for (const call of delta.mcp_calls ?? []) {
			this.mcpCalls.set(call.id, call);
		}
	}

	#addCall({ index, id, function: { name = "", arguments: text = "" } }: ToolCallDelta): void {
		const known = this.toolCalls[index];
		this.toolCalls[index] = {
			id: known?.id ?? id ?? "",
			type: "function",
			function: { name: (known?.function.name ?? "") + name, arguments: (known?.function.arguments ?? "") + text },
		};
	}
}

/** A whole answer. */
export interface CollectedAnswer {
	readonly choices: readonly CollectedChoice[];
	readonly usage: Usage;
	readonly timings: Timings | null;
}

/** Waits for the whole answer. */
export async function collectAnswer(start: StartAnswer, signal: AbortSignal): Promise<Answer<CollectedAnswer>> {
	const choices: CollectedChoice[] = [];
	const choiceAt = (index: number): CollectedChoice => {
		choices[index] ??= new CollectedChoice();
		return choices[index];
	};
	let outcome: Answer<CollectedAnswer> | undefined;
	await runAnswer(
		start,
		{
			onAccepted: () => undefined,
			onDelta: (choice, delta, logprobs) => choiceAt(choice).add(delta, logprobs),
			onFinish: (choice, reason) => {
				choiceAt(choice).finishReason = reason;
			},
			onEnd: (usage, timings) => {
				outcome = { ok: true, value: { choices, usage, timings } };
			},
			onError: (error) => {
				outcome = { ok: false, error };
			},
		},
		signal,
	);
	return outcome ?? { ok: false, error: unanswered };
}

const unanswered: AnswerError = { code: "internal", message: "The model ended without an answer. Send the request again." };
