import type { ChatMessage, FinishReason } from "@opta/contracts/schema/lmx-chat";
import type { HostError } from "@opta/host-client/host-error";

/** What the reader wrote. */
export interface Question {
	readonly id: number;
	readonly role: "user";
	readonly text: string;
}

/** What was measured of an answer. Rates are null when the answer was stopped before the engine told them. */
export interface AnswerFigures {
	/** From Enter to the first text, as this page saw it. */
	readonly firstTextMs: number | null;
	/** The engine's own rate of generation. */
	readonly tokensPerSecond: number | null;
	readonly tokens: number | null;
}

/** `running` while text arrives; `interrupted` when the page was left meanwhile. */
export type AnswerState = "running" | "done" | "stopped" | "failed" | "interrupted";

/** What a model wrote. While it runs, its text is kept apart (see ChatSession). */
export interface Answer {
	readonly id: number;
	readonly role: "assistant";
	readonly text: string;
	readonly model: string;
	readonly state: AnswerState;
	readonly finishReason: FinishReason | null;
	readonly figures: AnswerFigures;
	readonly error: HostError | null;
}

/** One entry of a conversation. */
export type ChatEntry = Question | Answer;

/** A conversation with its settings. */
export interface Conversation {
	readonly entries: readonly ChatEntry[];
	/** Chosen model; null follows the host: its first ready one. */
	readonly model: string | null;
	/** The reader's own system prompt; null leaves the model's default in force. */
	readonly systemPrompt: string | null;
}

/** A conversation before its first question. */
export const emptyConversation: Conversation = { entries: [], model: null, systemPrompt: null };

const noFigures: AnswerFigures = { firstTextMs: null, tokensPerSecond: null, tokens: null };

function nextId(entries: readonly ChatEntry[]): number {
	return (entries.at(-1)?.id ?? 0) + 1;
}

/** Adds a question. */
export function withQuestion(conversation: Conversation, text: string): Conversation {
	const question: Question = { id: nextId(conversation.entries), role: "user", text };
	return { ...conversation, entries: [...conversation.entries, question] };
}

/** Adds an answer that is about to be written. */
export function withRunningAnswer(conversation: Conversation, model: string): Conversation {
	const answer: Answer = {
		id: nextId(conversation.entries),
		role: "assistant",
		text: "",
		model,
		state: "running",
		finishReason: null,
		figures: noFigures,
		error: null,
	};
	return { ...conversation, entries: [...conversation.entries, answer] };
}

/** Replaces the last answer by what became of it. */
export function withLastAnswer(conversation: Conversation, change: Partial<Omit<Answer, "id" | "role">>): Conversation {
	const last = conversation.entries.at(-1);
	if (last?.role !== "assistant") {
		return conversation;
	}
	return { ...conversation, entries: [...conversation.entries.slice(0, -1), { ...last, ...change }] };
}

/** The conversation up to and with its last question. */
export function withoutLastAnswer(conversation: Conversation): Conversation {
	return conversation.entries.at(-1)?.role === "assistant" ? { ...conversation, entries: conversation.entries.slice(0, -1) } : conversation;
}

/** The messages of a request: the reader's system prompt if there is one, then every entry that has text. */
export function requestMessages({ entries, systemPrompt }: Conversation): ChatMessage[] {
	const system: ChatMessage[] = systemPrompt === null ? [] : [{ role: "system", content: systemPrompt }];
	return [...system, ...entries.filter(({ text }) => text !== "").map(({ role, text }): ChatMessage => ({ role, content: text }))];
}
