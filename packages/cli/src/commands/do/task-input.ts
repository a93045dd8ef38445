import { fstatSync } from "node:fs";
import type { Attachment } from "@opta/contracts/schema/daemon-message";
import { CommandFailure } from "../../program/command-failure.ts";
import type { Input } from "../../terminal/input.ts";

/** What a turn is begun with. */
export interface TaskInput {
	readonly content: string;
	readonly attachments: readonly Attachment[];
}

/** True where something was piped or redirected in: a pipe, a file or a socket, and no terminal or /dev/null. */
export function hasPipedInput(descriptor: number): boolean {
	try {
		const status = fstatSync(descriptor);
		return status.isFIFO() || status.isFile() || status.isSocket();
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "EBADF") {
			return false;
		}
		throw error;
	}
}

/**
 * The task from arguments and stdin: both where both are there, the piped text as an attachment.
 * @throws {CommandFailure} `usage`, when there is nothing to do.
 */
export async function readTask(args: readonly string[], input: Input, isPiped: boolean): Promise<TaskInput> {
	const given = args.join(" ").trim();
	const isFromStdin = given === "-" || given === "";
	if (isFromStdin) {
		const content = isPiped ? (await input.readAll()).trim() : "";
		if (content === "") {
			throw new CommandFailure("usage", 'There is no task. Write one: opta do "…", or pipe one in.');
		}
		return { content, attachments: [] };
	}
	const piped = isPiped ? await input.readAll() : "";
	return { content: given, attachments: piped.trim() === "" ? [] : [{ kind: "text", name: "stdin", content: piped }] };
}
