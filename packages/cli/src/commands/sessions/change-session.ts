import type { SessionInfo } from "@opta/contracts/schema/daemon-session";
import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { pickSessionId } from "../../daemon/pick-session.ts";
import { unwrapAnswer } from "../../daemon/unwrap-answer.ts";
import type { CommandCall, CommandRun, ExitName } from "../../program/command-spec.ts";

function report({ context: { output }, flags }: CommandCall, session: SessionInfo, done: string): ExitName {
	if (flags.isSet("json")) {
		output.json({ id: session.id, title: session.title, metadata: session.metadata });
	} else {
		output.line(done);
	}
	return "ok";
}

/** Gives a session a title. */
export const runRename: CommandRun = async (call) => {
	const [wanted = "", ...words] = call.args;
	const { client } = await connectDaemon(call.context);
	const id = await pickSessionId(client, wanted, call.context.folder);
	const session = unwrapAnswer(await client.updateSession(id, { title: words.join(" ") }));
	return report(call, session, `${session.id} is now called ${session.title}`);
};

/** Copies a session. */
export const runFork: CommandRun = async (call) => {
	const { client } = await connectDaemon(call.context);
	const id = await pickSessionId(client, call.args[0] ?? "", call.context.folder);
	const [messageId, title] = [call.flags.text("message"), call.flags.text("title")];
	const copy = unwrapAnswer(await client.forkSession(id, { ...(messageId && { messageId }), ...(title && { title }) }));
	return report(call, copy, copy.id);
};

/** Puts sessions in the trash. */
export const runRemove: CommandRun = async ({ context, args, flags }) => {
	const { output, folder } = context;
	const { client } = await connectDaemon(context);
	const removed: string[] = [];
	for (const wanted of args) {
		const id = await pickSessionId(client, wanted, folder);
		const { title } = unwrapAnswer(await client.deleteSession(id));
		removed.push(id);
		if (!flags.isSet("json")) {
			output.line(`${id} (${title}) is in the trash. Bring it back: opta sessions restore ${id}`);
		}
	}
	if (flags.isSet("json")) {
		output.json({ removed });
	}
	return "ok";
};

/** Takes a session out of the trash. */
export const runRestore: CommandRun = async (call) => {
	const { client } = await connectDaemon(call.context);
	const id = await pickSessionId(client, call.args[0] ?? "", call.context.folder, true);
	const session = unwrapAnswer(await client.restoreSession(id));
	return report(call, session, `${session.id} (${session.title}) is back.`);
};
