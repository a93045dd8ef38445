import type { PermissionMode } from "@opta/contracts/schema/daemon-permission";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostResult } from "@opta/host-client/host-error";

/** What a chat in the terminal needs. */
export interface OpenChatOptions {
	/** The daemon, or the attempt to reach one: the first screen is painted before it is there. */
	readonly client: DaemonClient | Promise<HostResult<DaemonClient>>;
	/** Absolute path of the folder that a new session works in. */
	readonly workspace: string;
	/** Attaches to this session instead of beginning one with the first message. */
	readonly sessionId?: string;
	/** The alternate screen with lists and panels; otherwise below the prompt, in the terminal's own scrollback. */
	readonly fullScreen: boolean;
	readonly model?: string;
	readonly mode?: PermissionMode;
	/** Sent as soon as the session is there. */
	readonly initialPrompt?: string;
	/** Finds the daemon again, or starts one, after it could not be reached for a while: a new one has another port and token. */
	readonly reconnect?: () => Promise<HostResult<DaemonClient>>;
	/** Who is signed in, in one line for people. */
	readonly whoAmI?: () => Promise<string>;
	/** Loads a model on the host, before it is asked. */
	readonly loadModel?: (model: string) => Promise<HostResult<null>>;
}

/** Opens the chat and resolves with the exit code (`exitCodes`) when the person leaves it. The terminal is then as it was. */
export async function openChat(options: OpenChatOptions): Promise<number> {
	const { stdin } = process;
	// From the first moment: what is typed ahead of the first screen would be echoed into it, its Enter turned into a new line.
	if (stdin.isTTY) {
		stdin.setRawMode(true);
	}
	try {
		const { startScreen } = await import("./start-screen.tsx");
		return await startScreen(options);
	} finally {
		if (stdin.isTTY) {
			stdin.setRawMode(false);
		}
	}
}
