import type { Vocabulary } from "../context/inference-context.ts";
import type { PromptInput } from "../engine-messages.ts";
import { RefusalError } from "../refusal.ts";
import { createChatTemplate } from "./chat-template.ts";
import { checkedTokens } from "./checked-tokens.ts";
import { createControlGuard } from "./control-guard.ts";
import { type Chat, type ChatRendering, renderChat } from "./render-chat.ts";
import { probeTemplate } from "./template-abilities.ts";
import { endsInThinking, type ThinkingMarks } from "./thinking-marks.ts";

/** What a request gives the model to read. */
export interface BuiltPrompt {
	readonly tokens: Int32Array;
	/** The answer begins inside the thinking part. */
	readonly startsInThinking: boolean;
}

/** Makes prompts for one model. */
export interface PromptBuilder {
	/** The chat template itself describes tools. */
	readonly trainedForTools: boolean;
	/** Throws RefusalError for what this model cannot read. */
	build(input: PromptInput): Promise<BuiltPrompt>;
	/** The prompt as text. Throws RefusalError. */
	render(input: PromptInput): Promise<string>;
}

/** What is known of the model. */
export interface PromptModel {
	readonly vocabulary: Vocabulary;
	/** Jinja source; null when the file has none. */
	readonly chatTemplate: string | null;
	/** A further one for chats with tools; null when the file has none. */
	readonly toolTemplate: string | null;
	readonly thinking: ThinkingMarks | null;
	readonly defaultSystemPrompt: string | null;
}

function joinTokens(parts: readonly Int32Array[]): Int32Array {
	const [only] = parts;
	if (parts.length === 1 && only !== undefined) {
		return only;
	}
	const tokens = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
	let offset = 0;
	for (const part of parts) {
		tokens.set(part, offset);
		offset += part.length;
	}
	return tokens;
}

/** Begin token, prefix, suffix, middle: the order that fill-in-the-middle models are trained on ("PSM", arXiv 2207.14255). */
async function fillInMiddle(vocabulary: Vocabulary, text: string, suffix: string): Promise<Int32Array> {
	const marks = vocabulary.fillInMiddle;
	if (marks === null) {
		throw new RefusalError(
			"unsupported_parameter",
			'This model cannot fill in the middle of a text. Remove "suffix", or choose a model made for code.',
			{
				param: "suffix",
			},
		);
	}
	const plain = { special: false, begin: false };
	const begin = vocabulary.addsBegin && vocabulary.beginToken !== null ? [vocabulary.beginToken] : [];
	return joinTokens([
		Int32Array.from([...begin, marks.prefix]),
		await vocabulary.tokenizeLater(text, plain),
		Int32Array.of(marks.suffix),
		await vocabulary.tokenizeLater(suffix, plain),
		Int32Array.of(marks.middle),
	]);
}

/** Makes the prompt builder of a model. */
export function createPromptBuilder(model: PromptModel): PromptBuilder {
	const { vocabulary, thinking, defaultSystemPrompt } = model;
	const guard = createControlGuard(vocabulary.controlTexts());
	const renderingBy = (source: string | null): ChatRendering => {
		const template = createChatTemplate(source, { begin: vocabulary.beginText, end: vocabulary.endText });
		return { template, abilities: probeTemplate(template), guard, defaultSystemPrompt };
	};
	const plain = renderingBy(model.chatTemplate);
	const withTools = model.toolTemplate === null ? plain : renderingBy(model.toolTemplate);
	const render = (chat: Chat): string => renderChat(chat.tools === null || chat.tools.length === 0 ? plain : withTools, chat);
	const buildChat = async (chat: Chat): Promise<BuiltPrompt> => {
		const rendered = render(chat);
		const beginsItself = vocabulary.beginText !== "" && rendered.startsWith(vocabulary.beginText);
		const parts = guard
			.pieces(rendered)
			.map((text, index) => vocabulary.tokenizeLater(text, { special: true, begin: index === 0 && vocabulary.addsBegin && !beginsItself }));
		return { tokens: joinTokens(await Promise.all(parts)), startsInThinking: endsInThinking(rendered, thinking) };
	};
	const tokensOf = async (input: Exclude<PromptInput, { kind: "chat" }>): Promise<Int32Array> => {
		if (input.kind === "tokens") {
			return checkedTokens(vocabulary, input.tokens, "prompt");
		}
		return input.suffix === null
			? vocabulary.tokenizeLater(input.text, { special: true, begin: vocabulary.addsBegin })
			: fillInMiddle(vocabulary, input.text, input.suffix);
	};
	return {
		trainedForTools: withTools.abilities.tools,
		build: async (input) => (input.kind === "chat" ? buildChat(input) : { tokens: await tokensOf(input), startsInThinking: false }),
		async render(input) {
			if (input.kind === "chat") {
				return guard.pieces(render(input)).join("");
			}
			return Buffer.concat(Array.from(await tokensOf(input), (token) => vocabulary.spelling(token))).toString();
		},
	};
}
