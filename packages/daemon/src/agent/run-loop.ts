import type { Message } from "@opta/contracts/schema/daemon-message";
import { v7 as uuid } from "uuid";
import type { ModelCall, ModelFailure, ModelMessage, ModelUsage } from "../model/model-source.ts";
import type { ChosenModel } from "../model/models.ts";
import type { Tool } from "../tools/tool.ts";
import { openCalls } from "../turns/open-calls.ts";
import type { TurnContext, TurnEnd, TurnUsage } from "../turns/turn-runner.ts";
import { askStep, type StepAnswer } from "./ask-step.ts";
import { guessTokens } from "./build-prompt.ts";
import type { LoopGuard } from "./loop-guard.ts";
import { modelToolOf } from "./offered-tools.ts";
import { readArguments } from "./read-arguments.ts";
import type { CallParts, PreparedCall } from "./run-call.ts";
import { runCalls } from "./run-calls.ts";

/** The conversation that a loop works on: the session's own, or that of a sub-agent. */
export interface LoopConversation {
	readonly messages: () => readonly Message[];
	readonly add: (message: Message) => Promise<void>;
	/** What the model is asked now. */
	readonly prompt: () => readonly ModelMessage[];
	/** Lets messages of the person join; true where there were any. */
	readonly join: () => Promise<boolean>;
	/** Makes room; false where there is nothing to gain. */
	readonly compact: () => Promise<boolean>;
}

/** What a loop works with. */
export interface LoopParts {
	readonly turn: TurnContext;
	readonly model: ChosenModel;
	readonly tools: readonly Tool[];
	readonly conversation: LoopConversation;
	readonly calls: Omit<CallParts, "turn" | "tools" | "guard">;
	readonly guard: LoopGuard;
	readonly maxSteps: number;
	readonly maxParallel: number;
	/** Share of the window from which on room is made. */
	readonly compactAt: number;
	readonly temperature: number | undefined;
	/** False for a sub-agent: its words are not shown as those of the turn. */
	readonly showsText: boolean;
	readonly count: (usage: ModelUsage) => void;
	readonly now: () => Date;
}

/** Refused calls after which a turn that goes in circles ends. */
const mostRefusals = 3;

/** Works until the model is done: asks it, makes its calls, asks again with their results. */
export async function runLoop(parts: LoopParts): Promise<TurnEnd> {
	const { turn, model, tools, conversation, guard } = parts;
	const { turnId, signal } = turn;
	const modelTools = tools.map(modelToolOf);
	const toolTokens = Math.ceil(JSON.stringify(modelTools).length / 3.2);
	let usage: TurnUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
	/** Prompt and answer of the last step as the model counted them, and how many messages that was. */
	let known = { tokens: 0, messages: 0 };

	const cancelled = (): TurnEnd => ({ ok: true, reason: "cancelled", usage });
	const newMessage = (message: Omit<Message, "id" | "at" | "turnId">, id = uuid()): Message => ({
		id,
		at: parts.now().toISOString(),
		turnId,
		...message,
	});

	async function answerCalls(calls: readonly PreparedCall[]): Promise<void> {
		await runCalls({ ...parts.calls, turn, tools, guard }, calls, parts.maxParallel, async ({ call }, { ok, output }) => {
			await conversation.add(newMessage({ role: "tool", content: output, toolCallId: call.id, name: call.name, ok }));
		});
	}

	function needsRoom(prompt: readonly ModelMessage[]): boolean {
		const window = model.probe.contextTokens;
		if (window === null) {
			return false;
		}
		const isNext = known.messages > 0 && known.messages <= prompt.length;
		const tokens = isNext ? known.tokens + guessTokens(prompt.slice(known.messages)) : guessTokens(prompt) + toolTokens;
		return tokens > window * parts.compactAt;
	}

	async function makeRoom(): Promise<boolean> {
		turn.emit({ type: "turn.progress", data: { turnId, stage: "compacting", fraction: null, message: "Summarising what is old" } });
		known = { tokens: 0, messages: 0 };
		return conversation.compact();
	}

	async function ask(messageId: string): Promise<StepAnswer> {
		const prompt = conversation.prompt();
		const answer = await askStep(
			model,
			{ messages: prompt, tools: modelTools, ...(parts.temperature === undefined ? {} : { temperature: parts.temperature }) },
			{
				onText: (channel, text, offset) => {
					if (parts.showsText) {
						turn.emit({ type: "turn.token", data: { turnId, messageId, channel, offset, text } });
					}
				},
				onProgress: ({ stage, fraction, message }) => turn.emit({ type: "turn.progress", data: { turnId, stage, fraction, message } }),
			},
			signal,
		);
		if (answer.failure === null) {
			known = { tokens: answer.usage.promptTokens + answer.usage.completionTokens, messages: prompt.length + 1 };
			usage = {
				promptTokens: usage.promptTokens + answer.usage.promptTokens,
				cachedTokens: usage.cachedTokens + answer.usage.cachedTokens,
				completionTokens: usage.completionTokens + answer.usage.completionTokens,
			};
			parts.count(answer.usage);
		}
		return answer;
	}

	/** Asks, and once more after making room where the prompt turned out to be too long. */
	async function askWithRoom(messageId: string): Promise<StepAnswer> {
		if (needsRoom(conversation.prompt())) {
			await makeRoom();
		}
		const answer = await ask(messageId);
		const isTooLong = answer.failure?.code === "context_length_exceeded" && !answer.failure.hadOutput;
		return isTooLong && (await makeRoom()) ? ask(messageId) : answer;
	}

	function prepare(calls: readonly ModelCall[], isCut: boolean): PreparedCall[] {
		return calls.map((call, index) => {
			const read = readArguments(call, isCut && index === calls.length - 1);
			const values = read.ok ? read.values : { raw: call.argumentsText };
			const tool = tools.find(({ name }) => name === call.name) ?? null;
			// Ids of our own: models give the same one again in later answers.
			return {
				call: { id: `call_${uuid().replaceAll("-", "")}`, name: call.name, arguments: values },
				tool,
				problem: read.ok ? null : read.reason,
			};
		});
	}

	async function addAnswer(messageId: string, answer: StepAnswer, calls: readonly PreparedCall[]): Promise<void> {
		const { content, reasoning, failure } = answer;
		if (content === "" && reasoning === "" && calls.length === 0) {
			return;
		}
		const message: Omit<Message, "id" | "at" | "turnId"> = {
			role: "assistant",
			content,
			model: model.id,
			provider: model.provider,
			...(reasoning === "" ? {} : { reasoning }),
			...(calls.length === 0 ? {} : { toolCalls: calls.map(({ call }) => call) }),
			...(failure === null ? {} : { interrupted: true }),
		};
		await conversation.add(newMessage(message, messageId));
	}

	function failedEnd({ code, message }: ModelFailure): TurnEnd {
		return signal.aborted || code === "cancelled" ? cancelled() : { ok: false, code, message, usage };
	}

	const left = openCalls(conversation.messages());
	if (left.length > 0) {
		await answerCalls(left.map((call) => ({ call, tool: tools.find(({ name }) => name === call.name) ?? null, problem: null })));
	}
	for (let step = 0; step < parts.maxSteps; step++) {
		if (signal.aborted) {
			return cancelled();
		}
		const messageId = uuid();
		const answer = await askWithRoom(messageId);
		if (answer.failure !== null) {
			await addAnswer(messageId, answer, []);
			return failedEnd(answer.failure);
		}
		const calls = prepare(answer.calls, answer.reason === "length");
		await addAnswer(messageId, answer, calls);
		if (calls.length > 0) {
			await answerCalls(calls);
		}
		const joined = signal.aborted ? false : await conversation.join();
		if (calls.length === 0 && !joined) {
			return signal.aborted ? cancelled() : { ok: true, reason: answer.reason === "length" ? "length" : "stop", usage };
		}
		if (guard.refusals() >= mostRefusals) {
			return { ok: true, reason: "step_limit", usage };
		}
	}
	return signal.aborted ? cancelled() : { ok: true, reason: "step_limit", usage };
}
