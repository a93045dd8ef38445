import type { Message } from "@opta/contracts/schema/daemon-message";
import type { ModelMessage, ModelTool } from "../model/model-source.ts";
import type { ChosenModel } from "../model/models.ts";
import { askStep } from "./ask-step.ts";
import { buildPrompt, type Conversation, guessTokens, messagesAfterSummary, modelMessages } from "./build-prompt.ts";

/** A summary, and the first message that stays as it is. */
export interface Summary {
	readonly beforeMessageId: string;
	readonly summary: string;
}

/** What a summary is made with. */
export interface CompactParts {
	readonly model: ChosenModel;
	readonly systemPrompt: string;
	/** As in the turn's own requests: then the model has read most of the prompt before. */
	readonly tools: readonly ModelTool[];
	readonly signal: AbortSignal;
}

/** Where the window is not known. */
const cautiousContextTokens = 8192;
/** Share that stays as it is. */
const keptShare = 0.25;
/** Share that a transcript to be summarised may take. */
const readShare = 0.6;

const order = `Write a summary of the conversation so far, from which the work can go on without it. Keep:
- what the user wants, in their own words where they matter
- what was decided and why
- what was done: files with their paths, commands, results
- what is not done yet, and the next step
Write the summary only, in at most 600 words. Call no tools.`;

function contextOf(model: ChosenModel): number {
	return model.probe.contextTokens ?? cautiousContextTokens;
}

/**
 * Finds the first message that stays: the newest messages that fit into their share, beginning with one of the user or a
 * step of the assistant, never between a call and its result. Null where nothing would be gained.
 */
export function findBoundary(messages: readonly Message[], keptTokens: number): number | null {
	let boundary: number | null = null;
	for (let at = messages.length - 1; at > 0; at--) {
		if (messages[at]?.role === "tool") {
			continue;
		}
		if (boundary !== null && guessTokens(modelMessages(messages.slice(at))) > keptTokens) {
			break;
		}
		boundary = at;
	}
	return boundary;
}

/** The conversation as text with its middle left out where it is too long, for a model that cannot read it whole. */
function transcript(messages: readonly ModelMessage[], mostTokens: number): string {
	const lines = messages.map((message) => {
		const calls =
			message.role === "assistant"
				? message.calls.map((call) => `\n[calls ${call.name} ${call.argumentsText.slice(0, 300)}]`).join("")
				: "";
		return `${message.role}: ${message.content.slice(0, message.role === "tool" ? 400 : 2000)}${calls}`;
	});
	const text = lines.join("\n\n");
	const most = mostTokens * 3;
	return text.length <= most ? text : `${text.slice(0, most * 0.4)}\n\n[… left out …]\n\n${text.slice(-most * 0.6)}`;
}

const silent = { onText: () => undefined, onProgress: () => undefined };

async function ask(parts: CompactParts, messages: readonly ModelMessage[], tools: readonly ModelTool[]): Promise<string> {
	const maxTokens = Math.max(128, Math.floor(Math.min(2000, contextOf(parts.model) * 0.15)));
	const answer = await askStep(parts.model, { messages, tools, temperature: 0, maxTokens }, silent, parts.signal);
	return answer.failure === null ? answer.content.trim() : "";
}

/**
 * Summarises what is old in a conversation with its own model; null where there is nothing to gain or the model gives nothing.
 * It is asked behind the very prompt that it has read already where that fits, else about a transcript.
 */
export async function summarize(parts: CompactParts, conversation: Conversation): Promise<Summary | null> {
	const messages = messagesAfterSummary(conversation);
	const context = contextOf(parts.model);
	// A server may have less room than it says, and a conversation less than its window: the shares are of what there really is.
	const room = Math.min(context, guessTokens(modelMessages(messages)));
	const boundary = findBoundary(messages, room * keptShare);
	const first = boundary === null ? undefined : messages[boundary];
	if (boundary === null || first === undefined) {
		return null;
	}
	const end = conversation.messages.indexOf(first);
	const old = buildPrompt(parts.systemPrompt, { messages: conversation.messages.slice(0, end), compaction: conversation.compaction });
	const toolTokens = Math.ceil(JSON.stringify(parts.tools).length / 3.2);
	const fits = guessTokens(old) + toolTokens < context * (1 - keptShare);
	const asWritten = fits ? await ask(parts, [...old, { role: "user", content: order }], parts.tools) : "";
	if (asWritten !== "" || parts.signal.aborted) {
		return asWritten === "" ? null : { beforeMessageId: first.id, summary: asWritten };
	}
	const text = transcript(old.slice(1), room * readShare);
	const summary = await ask(parts, [{ role: "user", content: `${text}\n\n---\n\n${order}` }], []);
	return summary === "" ? null : { beforeMessageId: first.id, summary };
}
