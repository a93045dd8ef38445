import { exitCodes } from "@opta/contracts/daemon-protocol";
import { optaHome } from "@opta/daemon/platform/opta-home";
import { render } from "ink";
import { sessionEnvironment } from "../daemon/session-environment.ts";
import { environment } from "../env.ts";
import { builtinCommands } from "../slash/builtin-commands.ts";
import { loadUserCommands } from "../slash/load-user-commands.ts";
import type { Chat } from "./chat/chat.ts";
import { createChat } from "./chat/create-chat.ts";
import { readHistory } from "./chat/history-file.ts";
import { sendPrompt } from "./chat/send-prompt.ts";
import { listWorkspaceFiles } from "./completion/workspace-files.ts";
import { emptyEditor } from "./editor/editor-state.ts";
import { startHistory } from "./editor/prompt-history.ts";
import type { OpenChatOptions } from "./open-chat.ts";
import { homeOnAlternateScreen } from "./screens/alternate-screen.ts";
import { FullScreenChat } from "./screens/full-screen-chat.tsx";
import { InlineChat } from "./screens/inline-chat.tsx";
import { openInBrowser } from "./screens/open-in-browser.ts";
import { createStyle } from "./text/style.ts";

/** Draws the chat until the person leaves it. */
export async function startScreen(options: OpenChatOptions): Promise<number> {
	const home = optaHome(environment);
	const chat = createChat(options, { home, sessionEnvironment: sessionEnvironment(environment), nowMs: Date.now, openInBrowser });
	const style = createStyle(environment.NO_COLOR === undefined || environment.NO_COLOR === "");
	const View = options.fullScreen ? FullScreenChat : InlineChat;
	const screen = render(<View chat={chat} style={style} />, {
		stdout: options.fullScreen ? homeOnAlternateScreen(process.stdout) : process.stdout,
		alternateScreen: options.fullScreen,
		exitOnCtrlC: false,
		incrementalRendering: true,
		kittyKeyboard: { mode: "auto" },
	});
	void prepare(chat, home);
	const code = await screen.waitUntilExit();
	chat.leave(exitCodes.ok);
	return typeof code === "number" ? code : exitCodes.ok;
}

/** Reads what typing needs, while the first screen is already there. */
async function prepare(chat: Chat, home: string): Promise<void> {
	const { store, options } = chat;
	/** What cannot be read is said and missing; the chat goes on. */
	const without = <T,>(rest: T) => {
		return (error: unknown): T => {
			chat.note(error instanceof Error ? error.message : String(error));
			return rest;
		};
	};
	const [history, loaded, files] = await Promise.all([
		readHistory(home).catch(without<readonly string[]>([])),
		loadUserCommands(home, options.workspace),
		listWorkspaceFiles(options.workspace, chat.signal).catch(without<string[]>([])),
	]);
	store.update((state) => ({ ...state, history: startHistory(history), commands: [...builtinCommands, ...loaded.commands], files }));
	loaded.problems.forEach(chat.note);
	if (options.initialPrompt !== undefined) {
		await sendPrompt(chat, { text: options.initialPrompt, attachments: [], editor: emptyEditor }, "queue");
	}
}
