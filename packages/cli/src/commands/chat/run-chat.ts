import type { PermissionMode } from "@opta/contracts/schema/daemon-permission";
import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { pickSessionId } from "../../daemon/pick-session.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun, ExitName } from "../../program/command-spec.ts";
import type { OpenChatOptions } from "../../tui/open-chat.ts";
import { chatServices, reachDaemon } from "./chat-services.ts";
import { openScreens } from "./open-screens.ts";

/** The daemon, and the session where one was named: then it has to be there before the screen is. */
async function begin({ context, flags }: CommandCall): Promise<Pick<OpenChatOptions, "client" | "sessionId">> {
	const wanted = flags.text("session");
	if (wanted === undefined) {
		return { client: reachDaemon(context) };
	}
	const { client } = await connectDaemon(context);
	return { client, sessionId: await pickSessionId(client, wanted, context.folder) };
}

async function open(call: CommandCall, fullScreen: boolean): Promise<ExitName> {
	const { context, args, flags } = call;
	if (!context.output.isTerminal || !context.input.isTerminal) {
		throw new CommandFailure("usage", 'A chat needs a terminal. Without one use: opta do "…"');
	}
	const model = flags.text("model") ?? context.settings.model;
	const mode = flags.text("mode") as PermissionMode | undefined;
	const initialPrompt = args.join(" ").trim();
	return openScreens({
		...(await begin(call)),
		...chatServices(context),
		workspace: context.folder,
		fullScreen,
		...(model === undefined ? {} : { model }),
		...(mode === undefined ? {} : { mode }),
		...(initialPrompt === "" ? {} : { initialPrompt }),
	});
}

/** Opens a chat below the prompt, or on the full screen with `--tui`. */
export const runChat: CommandRun = (call) => open(call, call.flags.isSet("tui"));

/** Opens the full screen. */
export const runTui: CommandRun = (call) => open(call, true);
