import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { render } from "ink";
import { builtinCommands } from "../../slash/builtin-commands.ts";
import type { Chat } from "../chat/chat.ts";
import { createChat } from "../chat/create-chat.ts";
import type { OpenChatOptions } from "../open-chat.ts";
import { homeOnAlternateScreen } from "../screens/alternate-screen.ts";
import { FullScreenChat } from "../screens/full-screen-chat.tsx";
import { InlineChat } from "../screens/inline-chat.tsx";
import { createStyle } from "../text/style.ts";
import { VirtualTerminal } from "./virtual-terminal.ts";

/** A chat on a terminal in memory. */
export interface TestChat {
	readonly chat: Chat;
	readonly terminal: VirtualTerminal;
	readonly folder: string;
	/** Addresses that the browser was asked to open. */
	readonly opened: string[];
	readonly close: () => Promise<void>;
}

/** Opens a chat with that daemon; `clock` stands for the time of day. */
export async function openTestChat(
	client: OpenChatOptions["client"],
	given: Partial<OpenChatOptions> & { columns?: number; rows?: number; colors?: boolean; clock?: { nowMs: number } } = {},
): Promise<TestChat> {
	const { columns = 80, rows = 24, colors = true, clock, ...options } = given;
	const folder = await mkdtemp(path.join(os.tmpdir(), "opta-chat-"));
	const opened: string[] = [];
	const place = {
		home: path.join(folder, "home"),
		sessionEnvironment: { PATH: "/usr/bin:/bin", SHELL: "/bin/sh" },
		nowMs: () => clock?.nowMs ?? Date.now(),
		openInBrowser: async (url: string) => {
			opened.push(url);
			return null;
		},
	};
	const terminal = new VirtualTerminal(columns, rows);
	const chat = createChat({ client, workspace: folder, fullScreen: false, ...options }, place);
	chat.store.update((state) => ({ ...state, commands: [...builtinCommands] }));
	const View = chat.options.fullScreen ? FullScreenChat : InlineChat;
	const screen = render(<View chat={chat} style={createStyle(colors)} />, {
		stdout: chat.options.fullScreen ? homeOnAlternateScreen(terminal.stdout) : terminal.stdout,
		stdin: terminal.stdin,
		stderr: terminal.stdout,
		interactive: true,
		alternateScreen: chat.options.fullScreen,
		exitOnCtrlC: false,
		patchConsole: false,
		incrementalRendering: true,
	});
	return {
		chat,
		terminal,
		folder,
		opened,
		close: async () => {
			chat.leave(0);
			screen.unmount();
			await screen.waitUntilExit();
			await rm(folder, { recursive: true });
		},
	};
}

/** A client as if the daemon could not be started. */
export const noDaemon: Promise<{ ok: false; error: { code: "offline"; message: string; status: null; retryAfterMs: null } }> =
	Promise.resolve({
		ok: false,
		error: { code: "offline", message: "No daemon could be started.", status: null, retryAfterMs: null },
	});
