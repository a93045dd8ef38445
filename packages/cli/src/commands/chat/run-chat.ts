import type { PermissionMode } from "@opta/contracts/schema/daemon-permission";
import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { pickSessionId } from "../../daemon/pick-session.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun, ExitName } from "../../program/command-spec.ts";
import { openScreens } from "./open-screens.ts";

async function open({ context, args, flags }: CommandCall, fullScreen: boolean): Promise<ExitName> {
	if (!context.output.isTerminal || !context.input.isTerminal) {
		throw new CommandFailure("usage", 'A chat needs a terminal. Without one use: opta do "…"');
	}
	const connecting = connectDaemon(context).then(({ client }) => client);
	const wanted = flags.text("session");
	const model = flags.text("model") ?? context.settings.model;
	const mode = flags.text("mode") as PermissionMode | undefined;
	const initialPrompt = args.join(" ").trim();
	return openScreens({
		client:
			wanted === undefined
				? connecting.then(
						(value) => ({ ok: true, value }),
						(error: unknown) => ({ ok: false, error: { code: "offline", message: messageOf(error), status: null, retryAfterMs: null } }),
					)
				: await connecting,
		workspace: context.folder,
		fullScreen,
		...(wanted === undefined ? {} : { sessionId: await pickSessionId(await connecting, wanted, context.folder) }),
		...(model === undefined ? {} : { model }),
		...(mode === undefined ? {} : { mode }),
		...(initialPrompt === "" ? {} : { initialPrompt }),
	});
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Opens a chat below the prompt, or on the full screen with `--tui`. */
export const runChat: CommandRun = (call) => open(call, call.flags.isSet("tui"));

/** Opens the full screen. */
export const runTui: CommandRun = (call) => open(call, true);
