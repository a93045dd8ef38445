import type { ChatTool } from "@opta/contracts/schema/lmx-chat";
import type { TemplateCall, TemplateMessage } from "./template-messages.ts";

/** Tools for models whose chat template knows none: everything is said in the system message and in plain text. */

function callText({ function: { name, arguments: values } }: TemplateCall): string {
	return `{"name": ${JSON.stringify(name)}, "arguments": ${JSON.stringify(values)}}`;
}

/** Describes tools and the form of a call: `{"name": …, "arguments": {…}}`, one to a line. */
export function describeTools(tools: readonly ChatTool[]): string {
	return [
		"You can call functions. To call one, answer with nothing but a JSON object of this form:",
		'{"name": "name of the function", "arguments": {"name of a parameter": "its value"}}',
		"To call several, write one such object to a line. Where no function helps, answer in words.",
		"These are the functions, their parameters as JSON Schema:",
		...tools.map(({ function: { name, description, parameters } }) => JSON.stringify({ name, description, parameters })),
	].join("\n");
}

/** Puts a text into the system message, which is made where there is none. */
export function addToSystem(messages: readonly TemplateMessage[], text: string): TemplateMessage[] {
	const [first, ...rest] = messages;
	return first?.role === "system"
		? [{ ...first, content: `${first.content}\n\n${text}` }, ...rest]
		: [{ role: "system", content: text }, ...messages];
}

/** Neighbours of one role become one message: many templates want the roles to alternate. */
function joinNeighbours(messages: readonly TemplateMessage[]): TemplateMessage[] {
	const joined: TemplateMessage[] = [];
	for (const message of messages) {
		const last = joined.at(-1);
		if (last !== undefined && last.role === message.role) {
			joined[joined.length - 1] = { ...last, content: `${last.content}\n\n${message.content}` };
		} else {
			joined.push(message);
		}
	}
	return joined;
}

/** Writes earlier calls and their results as text. */
export function callsAsText(messages: readonly TemplateMessage[]): TemplateMessage[] {
	return joinNeighbours(
		messages.map((message): TemplateMessage => {
			if (message.role === "tool") {
				return { role: "user", content: `Result of ${message.name ?? "the function"}:\n${message.content}` };
			}
			const { tool_calls: calls, ...rest } = message;
			return calls === undefined
				? message
				: { ...rest, content: [rest.content, ...calls.map(callText)].filter((line) => line !== "").join("\n") };
		}),
	);
}

/** For templates that take no system message: its text goes in front of the first question. */
export function systemAsText(messages: readonly TemplateMessage[]): TemplateMessage[] {
	const system = messages.filter(({ role }) => role === "system").map(({ content }) => content);
	const others = messages.filter(({ role }) => role !== "system");
	return system.length === 0 ? others : joinNeighbours([{ role: "user", content: system.join("\n\n") }, ...others]);
}
