import type { Message } from "@opta/contracts/schema/daemon-message";
import type { SessionFile } from "@opta/contracts/schema/daemon-session";
import type { ModelCall, ModelMessage } from "../model/model-source.ts";

/** A conversation as far as prompts are made of it. */
export type Conversation = Pick<SessionFile, "messages" | "compaction">;

/** How a summary is introduced to the model. */
const summaryIntroduction = "Summary of the conversation before this point:";

function userText({ content, attachments = [] }: Message): string {
	const blocks = attachments.map(({ kind, name, content: text }) => `<${kind} name=${JSON.stringify(name)}>\n${text}\n</${kind}>`);
	return [content, ...blocks].join("\n\n");
}

/** A call as the model wrote it. What could not be parsed when it was stored is `{ raw }`. */
function callOf({ id, name, arguments: values }: NonNullable<Message["toolCalls"]>[number]): ModelCall {
	return { id, name, argumentsText: JSON.stringify(values) };
}

function answersOf(calls: readonly ModelCall[], results: ReadonlyMap<string, Message>): ModelMessage[] {
	return calls.map(({ id }) => {
		const result = results.get(id);
		return { role: "tool", callId: id, content: result?.content ?? "This call was not made.", ok: result?.ok ?? false };
	});
}

/** Messages that stand for themselves: those from the summary's end on. */
export function messagesAfterSummary({ messages, compaction }: Conversation): readonly Message[] {
	const from = compaction === null ? 0 : messages.findIndex(({ id }) => id === compaction.beforeMessageId);
	return from === -1 ? messages : messages.slice(from);
}

/** The messages of a conversation as a model is given them. Every call is answered, in the order of the calls. The same conversation gives the same bytes. */
export function modelMessages(messages: readonly Message[]): ModelMessage[] {
	const results = new Map(
		messages.flatMap((message) => (message.toolCallId === undefined ? [] : [[message.toolCallId, message] as const])),
	);
	return messages.flatMap((message): ModelMessage[] => {
		if (message.role === "tool") {
			return [];
		}
		if (message.role === "user") {
			return [{ role: "user", content: userText(message) }];
		}
		const calls = (message.toolCalls ?? []).map(callOf);
		if (message.content === "" && calls.length === 0) {
			return [];
		}
		return [{ role: "assistant", content: message.content, calls }, ...answersOf(calls, results)];
	});
}

/** What the model is asked: the system prompt, the summary where there is one, and the messages since. */
export function buildPrompt(systemPrompt: string, conversation: Conversation): ModelMessage[] {
	const messages = modelMessages(messagesAfterSummary(conversation));
	const system: ModelMessage = { role: "system", content: systemPrompt };
	const { compaction } = conversation;
	if (compaction === null || !conversation.messages.some(({ id }) => id === compaction.beforeMessageId)) {
		return [system, ...messages];
	}
	const summary = `${summaryIntroduction}\n\n${compaction.summary}`;
	const [first, ...rest] = messages;
	// Two messages of the user after each other are refused by some chat templates.
	return first?.role === "user"
		? [system, { role: "user", content: `${summary}\n\n${first.content}` }, ...rest]
		: [system, { role: "user", content: summary }, ...messages];
}

/** A cautious guess at how many tokens a prompt has, from its letters; code and most languages have three to four in each. */
export function guessTokens(messages: readonly ModelMessage[]): number {
	const letters = messages.reduce((sum, message) => {
		const calls =
			message.role === "assistant" ? message.calls.reduce((more, call) => more + call.name.length + call.argumentsText.length, 0) : 0;
		return sum + message.content.length + calls + 16;
	}, 0);
	return Math.ceil(letters / 3.2);
}
