import type { Message } from "@opta/contracts/schema/daemon-message";
import type { SessionFile } from "@opta/contracts/schema/daemon-session";

const speakers = { user: "You", assistant: "Opta", tool: "Result" } as const;

/** A session as Markdown for people: title, what it was about, and the conversation. */
export function exportMarkdown({ title, metadata, messages }: Readonly<SessionFile>): string {
	const about = [`- Workspace: ${code(metadata.workspace)}`, `- Model: ${code(metadata.model)}`, `- Started: ${metadata.createdAt}`];
	return `${[`# ${oneLine(title)}`, about.join("\n"), ...messages.map(section)].join("\n\n")}\n`;
}

function section(message: Message): string {
	const { role, content, name, ok, model, interrupted, attachments, toolCalls } = message;
	const detail =
		role === "tool" ? ` of ${name ?? "a tool"}${ok === false ? " (failed)" : ""}` : role === "assistant" && model ? ` (${model})` : "";
	const parts = [`## ${speakers[role]}${detail}`];
	if (content !== "") {
		parts.push(role === "tool" ? fenced(content) : content);
	}
	for (const attachment of attachments ?? []) {
		parts.push(`Attached: ${code(attachment.name)}`, fenced(attachment.content));
	}
	for (const call of toolCalls ?? []) {
		parts.push(`Calls ${code(call.name)}`, fenced(JSON.stringify(call.arguments, null, 2), "json"));
	}
	if (interrupted) {
		parts.push("*Interrupted here.*");
	}
	return parts.join("\n\n");
}

/** A block whose fence is longer than any in the text. */
function fenced(text: string, language = ""): string {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
	const fence = "`".repeat(longest + 1);
	return `${fence}${language}\n${text}\n${fence}`;
}

function code(text: string): string {
	const ticks = text.includes("`") ? "``" : "`";
	return `${ticks}${oneLine(text)}${ticks}`;
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, " ").trim();
}
