import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SessionFile } from "@opta/contracts/schema/daemon-session";
import { sessionFileSchema } from "@opta/contracts/schema/daemon-session";
import { parseJson } from "@opta/host-client/host-error";
import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { pickSessionId } from "../../daemon/pick-session.ts";
import { unwrapAnswer } from "../../daemon/unwrap-answer.ts";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";

/** Writes a session to stdout or a file. A file that is there is not overwritten. */
export const runExport: CommandRun = async ({ context, args, flags }) => {
	const { output, folder } = context;
	const { client } = await connectDaemon(context);
	const id = await pickSessionId(client, args[0] ?? "", folder);
	const text = unwrapAnswer(await client.exportSession(id, flags.text("format") === "json" ? "json" : "markdown"));
	const target = flags.text("output");
	if (target === undefined) {
		output.write(text.endsWith("\n") ? text : `${text}\n`);
		return "ok";
	}
	try {
		await writeFile(path.resolve(folder, target), text, { flag: "wx" });
	} catch (error) {
		throw new CommandFailure("failed", `${target} could not be written: ${error instanceof Error ? error.message : String(error)}`);
	}
	output.line(target);
	return "ok";
};

async function readSessionFile({ input, folder }: CliContext, file: string): Promise<SessionFile> {
	let text: string;
	try {
		text = file === "-" ? await input.readAll() : await readFile(path.resolve(folder, file), "utf8");
	} catch (error) {
		throw new CommandFailure("failed", `${file} could not be read: ${error instanceof Error ? error.message : String(error)}`);
	}
	const parsed = sessionFileSchema.safeParse(parseJson(text));
	if (!parsed.success) {
		const where = parsed.error.issues[0]?.path.join(".") || "its beginning";
		throw new CommandFailure("failed", `${file} is no session that opta sessions export --format json wrote (see ${where}).`);
	}
	return parsed.data;
}

/** Adds a session from a file. */
export const runImport: CommandRun = async ({ context, args, flags }) => {
	const file = await readSessionFile(context, args[0] ?? "");
	const { client } = await connectDaemon(context);
	const { id, title, metadata } = unwrapAnswer(await client.importSession(file));
	if (flags.isSet("json")) {
		context.output.json({ id, title, metadata });
	} else {
		context.output.line(`${id} (${title})`);
	}
	return "ok";
};
