import type { ChatTool } from "@opta/contracts/schema/lmx-chat";
import { type ChatTemplate, TemplateRefusalError } from "./chat-template.ts";
import type { TemplateMessage } from "./template-messages.ts";

/** What a chat template can say in its own words; the rest is said in plain text. */
export interface TemplateAbilities {
	readonly system: boolean;
	/** Describes tools to the model. */
	readonly tools: boolean;
	/** Shows earlier calls and their results. */
	readonly calls: boolean;
	/** Takes only ids of nine letters and digits for calls, as Mistral's templates do. */
	readonly shortCallIds: boolean;
}

const question: TemplateMessage = { role: "user", content: "quillwort" };
const tool: ChatTool = {
	type: "function",
	function: { name: "marmalade", description: "thistledown", parameters: { type: "object", properties: { bramble: { type: "string" } } } },
};

function callAndResult(id: string): TemplateMessage[] {
	const call = { id, type: "function", function: { name: "marmalade", arguments: { bramble: "sorrel" } } } as const;
	return [
		question,
		{ role: "assistant", content: "", tool_calls: [call] },
		{ role: "tool", content: "hawthorn", tool_call_id: id, name: "marmalade" },
	];
}

/** Finds out by rendering small chats with words that no template contains, and looking for them in the prompt. */
export function probeTemplate(template: ChatTemplate): TemplateAbilities {
	const shows = (messages: readonly TemplateMessage[], tools: readonly ChatTool[] | null, words: readonly string[]): boolean => {
		try {
			const text = template(messages, { tools, variables: {} });
			return words.every((word) => text.includes(word));
		} catch (error) {
			if (error instanceof TemplateRefusalError) {
				return false;
			}
			throw error;
		}
	};
	const showsCall = (id: string): boolean => shows(callAndResult(id), [tool], ["sorrel", "hawthorn"]);
	const longIds = showsCall("call_marmalade_1");
	return {
		system: shows([{ role: "system", content: "foxglove" }, question], null, ["foxglove", "quillwort"]),
		tools: shows([question], [tool], ["marmalade", "bramble"]),
		calls: longIds || showsCall("abcde1234"),
		shortCallIds: !longIds,
	};
}
