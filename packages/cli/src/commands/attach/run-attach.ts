import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { pickSessionId } from "../../daemon/pick-session.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { chatServices } from "../chat/chat-services.ts";
import { openScreens } from "../chat/open-screens.ts";
import { printSession } from "./print-session.ts";

/** Opens a session, or prints what happens in it. */
export const runAttach: CommandRun = async ({ context, args, flags }) => {
	const { client } = await connectDaemon(context);
	const sessionId = await pickSessionId(client, args[0] ?? "last", context.folder);
	const isFollowed = flags.isSet("streamJson") || !context.output.isTerminal || !context.input.isTerminal;
	if (isFollowed) {
		return printSession(context, client, sessionId, { asJson: flags.isSet("streamJson"), untilIdle: flags.isSet("untilIdle") });
	}
	return openScreens({ client, ...chatServices(context), workspace: context.folder, sessionId, fullScreen: flags.isSet("tui") });
};
