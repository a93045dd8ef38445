import type { TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type { EngineRequest } from "../engine/engine-messages.ts";
import type { GenerationResult } from "../engine/scheduler/generation.ts";
import type { ModelSupervisor } from "../supervision/model-supervisor.ts";
import { type AnswerReader, type CreateReader, plainReader } from "./answer-reader.ts";
import type { AnswerError, AnswerListener, RunningAnswer } from "./backend.ts";
import { timingsOf, usageOf } from "./engine-usage.ts";
import { LogprobQueue } from "./logprob-queue.ts";

/** What runs requests: the supervisor of a model's process. */
export type Generator = Pick<ModelSupervisor, "generate" | "cancel">;

/** One choice of an answer. */
export interface Choice {
	readonly request: EngineRequest;
	readonly createReader: CreateReader;
}

/**
 * Runs the choices of one answer side by side. The answer is accepted when all of its choices are; what a
 * choice says before that waits. One refused or failed choice ends the whole answer.
 */
export function runChoices(engine: Generator, choices: readonly Choice[], listener: AnswerListener): RunningAnswer {
	const results = new Map<number, GenerationResult>();
	let accepted = 0;
	let isOver = false;
	let held: (() => void)[] = [];
	const say = (event: () => void): void => {
		if (accepted < choices.length) {
			held.push(event);
		} else {
			event();
		}
	};
	const cancel = (): void => {
		isOver = true;
		held = [];
		for (const { request } of choices) {
			engine.cancel(request.id);
		}
	};
	const accept = (promptTokens: number): void => {
		accepted++;
		if (accepted === choices.length) {
			listener.onAccepted(promptTokens);
			const events = held;
			held = [];
			for (const event of events) {
				if (!isOver) {
					event();
				}
			}
		}
	};
	const fail = (error: AnswerError): void => {
		if (!isOver) {
			cancel();
			listener.onError(error);
		}
	};
	const finish = (index: number, result: GenerationResult, calledTools: boolean): void => {
		const reason = calledTools && result.finishReason === "stop" ? "tool_calls" : result.finishReason;
		listener.onFinish(index, reason, result.stopSequence);
		results.set(index, result);
		const [first, ...others] = choices.flatMap((_, choice) => results.get(choice) ?? []);
		if (first !== undefined && results.size === choices.length) {
			isOver = true;
			listener.onEnd(usageOf([first, ...others]), timingsOf([first, ...others]));
		}
	};
	const start = ({ request, createReader }: Choice, index: number): void => {
		let reader: AnswerReader = plainReader;
		const queue = request.logprobs === null ? null : new LogprobQueue((text) => reader.push(text));
		const push = (text: string, logprobs: readonly TokenLogprob[]): void => {
			if (queue !== null) {
				for (const [delta, tokens] of queue.push(text, logprobs)) {
					listener.onDelta(index, delta, tokens);
				}
				return;
			}
			for (const delta of reader.push(text)) {
				listener.onDelta(index, delta, null);
			}
		};
		engine.generate(request, {
			onAccepted(promptTokens, startsInThinking) {
				reader = createReader(startsInThinking);
				accept(promptTokens);
			},
			onProgress: (progress) => say(() => listener.onProgress?.(progress)),
			onText: (text, logprobs) => say(() => push(text, logprobs)),
			onEnd: (result) =>
				say(() => {
					for (const delta of reader.end()) {
						listener.onDelta(index, delta, queue?.take() ?? null);
					}
					finish(index, result, reader.calledTools);
				}),
			onError: fail,
		});
	};
	for (const [index, choice] of choices.entries()) {
		if (!isOver) {
			start(choice, index);
		}
	}
	return { cancel };
}
