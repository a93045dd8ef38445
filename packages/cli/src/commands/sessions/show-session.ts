import type { Message } from "@opta/contracts/schema/daemon-message";
import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { pickSession } from "../../daemon/pick-session.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import type { Output } from "../../terminal/output.ts";

function printMessage(output: Output, message: Message): void {
	const who = message.role === "assistant" ? (message.model ?? "assistant") : (message.name ?? message.role);
	output.line(output.paint("bold", `── ${who}${message.interrupted === true ? " (interrupted)" : ""}`));
	if (message.content !== "") {
		output.line(message.content);
	}
	for (const { name, content } of message.attachments ?? []) {
		output.line(output.paint("dim", `[${name}, ${content.length} characters]`));
	}
	for (const call of message.toolCalls ?? []) {
		output.line(output.paint("dim", `→ ${call.name} ${JSON.stringify(call.arguments)}`));
	}
}

/** Prints one session. */
export const runShowSession: CommandRun = async ({ context, args, flags }) => {
	const { output, folder } = context;
	const { client } = await connectDaemon(context);
	const session = await pickSession(client, args[0] ?? "", folder);
	if (flags.isSet("json")) {
		output.json(session);
		return "ok";
	}
	const { metadata } = session;
	output.line(output.paint("bold", session.title));
	output.line(`${session.id} · ${metadata.workspace} · ${metadata.model} · ${metadata.mode}`);
	for (const message of session.messages) {
		output.line("");
		printMessage(output, message);
	}
	for (const { title } of session.permissions) {
		output.line("");
		output.line(output.paint("yellow", `waiting for an answer: ${title}`));
	}
	return "ok";
};
