import { Template } from "@huggingface/jinja";
import type { ChatMessage } from "@opta/contracts/schema/lmx-chat";

/** Turns messages into the text that a model was trained on. */
export type ChatTemplate = (messages: readonly PlainMessage[]) => string;

/** A message whose text parts are joined. */
export interface PlainMessage {
	readonly role: "system" | "user" | "assistant";
	readonly content: string;
}

/** A chat that the model's template refuses, with the template's own reason. */
export class TemplateRefusalError extends Error {}

/** For models whose file brings no template: ChatML, which most open models understand. */
const chatMl =
	"{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** Joins text parts and puts the default system prompt in front where the request brings no system message. */
export function plainMessages(messages: readonly ChatMessage[], defaultSystemPrompt: string | null): PlainMessage[] {
	const plain = messages.map(({ role, content }): PlainMessage => {
		const parts = typeof content === "string" ? [{ type: "text" as const, text: content }] : (content ?? []);
		const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
		return { role: role === "developer" ? "system" : role === "tool" ? "user" : role, content: text };
	});
	if (defaultSystemPrompt !== null && !plain.some((message) => message.role === "system")) {
		plain.unshift({ role: "system", content: defaultSystemPrompt });
	}
	return plain;
}

/** Prepares a model's Jinja template; throws when it cannot be read. */
export function createChatTemplate(source: string | null, tokens: { begin: string; end: string }): ChatTemplate {
	const template = new Template(source ?? chatMl);
	return (messages) => {
		try {
			return template.render({
				messages,
				add_generation_prompt: true,
				bos_token: tokens.begin,
				eos_token: tokens.end,
			});
		} catch (error) {
			throw new TemplateRefusalError(error instanceof Error ? error.message : "it failed");
		}
	};
}
