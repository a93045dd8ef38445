import { Template } from "@huggingface/jinja";
import type { ChatTool } from "@opta/contracts/schema/lmx-chat";
import type { TemplateMessage } from "./template-messages.ts";

/** What a template is given beside the messages. */
export interface TemplateContext {
	/** Null: the template is told of no tools. */
	readonly tools: readonly ChatTool[] | null;
	/** Further variables, such as `enable_thinking`. */
	readonly variables: Readonly<Record<string, unknown>>;
}

/** Turns messages into the text that a model was trained on. */
export type ChatTemplate = (messages: readonly TemplateMessage[], context: TemplateContext) => string;

/** A chat that the model's template refuses, with the template's own reason. */
export class TemplateRefusalError extends Error {}

/** For models whose file brings no template: ChatML, which most open models understand. */
const chatMl =
	"{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** A template that this reader of Jinja does not understand refuses every chat, so that the model can still go on with texts. */
function readTemplate(source: string): Pick<Template, "render"> {
	try {
		return new Template(source);
	} catch (error) {
		const reason = `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
		return {
			render() {
				throw new Error(reason);
			},
		};
	}
}

/** Prepares a model's Jinja template. Its result throws TemplateRefusalError. */
export function createChatTemplate(source: string | null, tokens: { begin: string; end: string }): ChatTemplate {
	const template = readTemplate(source ?? chatMl);
	return (messages, { tools, variables }) => {
		try {
			return template.render({
				...variables,
				messages,
				...(tools === null ? {} : { tools }),
				add_generation_prompt: true,
				bos_token: tokens.begin,
				eos_token: tokens.end,
			});
		} catch (error) {
			throw new TemplateRefusalError(error instanceof Error ? error.message : "it failed");
		}
	};
}
