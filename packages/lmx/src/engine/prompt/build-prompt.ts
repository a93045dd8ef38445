import type { ChatMessage } from "@opta/contracts/schema/lmx-chat";
import type { Vocabulary } from "../context/inference-context.ts";
import { type ChatTemplate, createChatTemplate, plainMessages } from "./chat-template.ts";
import { createControlGuard } from "./control-guard.ts";

/** Turns a chat into the tokens of a prompt. */
export type BuildPrompt = (messages: readonly ChatMessage[]) => Int32Array;

/** Makes the prompt builder of a model. Its result throws TemplateRefusalError for a chat that the template refuses. */
export function createPromptBuilder(
	vocabulary: Vocabulary,
	templateSource: string | null,
	defaultSystemPrompt: string | null,
): BuildPrompt {
	const template: ChatTemplate = createChatTemplate(templateSource, { begin: vocabulary.beginText, end: vocabulary.endText });
	const guard = createControlGuard(vocabulary.controlTexts());
	return (messages) => {
		const plain = plainMessages(messages, defaultSystemPrompt).map(({ role, content }) => ({ role, content: guard.protect(content) }));
		const rendered = template(plain);
		const beginsItself = vocabulary.beginText !== "" && rendered.startsWith(vocabulary.beginText);
		const parts = guard
			.pieces(rendered)
			.map((text, index) => vocabulary.tokenize(text, { special: true, begin: index === 0 && vocabulary.addsBegin && !beginsItself }));
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
	};
}
