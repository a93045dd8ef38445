import type { ChatMessage, ChatTool } from "@opta/contracts/schema/lmx-chat";
import { RefusalError } from "../refusal.ts";
import { type ChatTemplate, TemplateRefusalError } from "./chat-template.ts";
import type { ControlGuard } from "./control-guard.ts";
import { addToSystem, callsAsText, describeTools, systemAsText } from "./plain-tools.ts";
import type { TemplateAbilities } from "./template-abilities.ts";
import { type TemplateMessage, templateMessages } from "./template-messages.ts";

/** A chat to render. */
export interface Chat {
	readonly messages: readonly ChatMessage[];
	readonly tools: readonly ChatTool[] | null;
	readonly templateVariables: Readonly<Record<string, unknown>>;
}

/** What rendering works with. */
export interface ChatRendering {
	readonly template: ChatTemplate;
	readonly abilities: TemplateAbilities;
	readonly guard: ControlGuard;
	readonly defaultSystemPrompt: string | null;
}

/** Ids by order of appearance, nine characters long. */
function shortenIds(messages: readonly TemplateMessage[]): TemplateMessage[] {
	const ids = new Map<string, string>();
	const shorten = (id: string): string => {
		const short = ids.get(id) ?? `call${String(ids.size).padStart(5, "0")}`;
		ids.set(id, short);
		return short;
	};
	return messages.map((message) => ({
		...message,
		...(message.tool_calls === undefined ? {} : { tool_calls: message.tool_calls.map((call) => ({ ...call, id: shorten(call.id) })) }),
		...(message.tool_call_id === undefined ? {} : { tool_call_id: shorten(message.tool_call_id) }),
	}));
}

/**
 * Renders a chat by the model's template; what the template cannot say is said in plain text. Names of control
 * tokens that people or tools wrote carry the guard's marks. Throws RefusalError.
 */
export function renderChat({ template, abilities, guard, defaultSystemPrompt }: ChatRendering, chat: Chat): string {
	let messages = templateMessages(chat.messages, defaultSystemPrompt);
	const tools = chat.tools === null || chat.tools.length === 0 ? null : chat.tools;
	if (tools !== null && !abilities.tools) {
		messages = addToSystem(messages, describeTools(tools));
	}
	if (!abilities.calls) {
		messages = callsAsText(messages);
	} else if (abilities.shortCallIds) {
		messages = shortenIds(messages);
	}
	if (!abilities.system) {
		messages = systemAsText(messages);
	}
	try {
		return template(guard.protectAll(messages), {
			tools: abilities.tools ? guard.protectAll(tools) : null,
			variables: guard.protectAll(chat.templateVariables),
		});
	} catch (error) {
		if (!(error instanceof TemplateRefusalError)) {
			throw error;
		}
		throw new RefusalError("invalid_request", `This model's chat template refuses the messages: ${error.message}`, { param: "messages" });
	}
}
