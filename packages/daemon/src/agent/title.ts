import type { SessionFile } from "@opta/contracts/schema/daemon-session";
import type { ChosenModel } from "../model/models.ts";
import { askStep } from "./ask-step.ts";
import { titlePromptStart } from "./title-prompt.ts";

const mostChars = 80;
/** What has more words is an answer to the conversation, as small models give, and no title. */
const mostWords = 10;
const order = `${titlePromptStart} of at most six words for the conversation below, in its language. Answer with the title only.`;

/** Cleans what a model gives as a title: one line, no quotes, no mark-up, no full stop; null where nothing is left, or far too much. */
export function cleanTitle(text: string): string | null {
	const line = text.split("\n").find((each) => each.trim() !== "") ?? "";
	const bare = line
		.replace(/^(?:[\s#*•-]+|title\s*:)+/i, "")
		.replace(/^["'“”‘’«»`*\s]+|["'“”‘’«»`*\s.]+$/g, "")
		// Control characters have no place in a list of sessions.
		.replace(/\p{Cc}/gu, "");
	if (bare === "" || bare.split(/\s+/).length > mostWords) {
		return null;
	}
	return bare.length > mostChars ? `${bare.slice(0, mostChars - 1).trimEnd()}…` : bare;
}

/** Asks a model for a title; null where it gives none. */
export async function askTitle(
	model: ChosenModel,
	{ messages }: Pick<SessionFile, "messages">,
	signal: AbortSignal,
): Promise<string | null> {
	const question = messages.find(({ role }) => role === "user")?.content.slice(0, 2000) ?? "";
	const reply = messages.find(({ role, content }) => role === "assistant" && content !== "")?.content.slice(0, 500) ?? "";
	if (question.trim() === "") {
		return null;
	}
	const content = `User: ${question}\n\nAssistant: ${reply}`;
	const request = {
		messages: [
			{ role: "system" as const, content: order },
			{ role: "user" as const, content },
		],
		tools: [],
		temperature: 0,
		maxTokens: 512,
	};
	const answer = await askStep(model, request, { onText: () => undefined, onProgress: () => undefined }, signal);
	return answer.failure === null ? cleanTitle(answer.content) : null;
}
