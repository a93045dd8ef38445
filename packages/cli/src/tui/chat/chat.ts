import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostError } from "@opta/host-client/host-error";
import type { Block } from "@opta/host-client/session/transcript";
import type { OpenChatOptions } from "../open-chat.ts";
import type { ChatState } from "./chat-state.ts";
import type { Store } from "./store.ts";

/** Where a chat finds what is not the daemon's. */
export interface ChatPlace {
	/** Folder of everything of the user: history of prompts, commands. */
	readonly home: string;
	/** Variables for the session's shell commands. */
	readonly sessionEnvironment: Readonly<Record<string, string>>;
	readonly nowMs: () => number;
	/** Resolves with what went wrong, null when a browser was started. */
	readonly openInBrowser: (url: string) => Promise<string | null>;
}

/** A chat: its state, and what can be done. Every screen draws the same state; nothing here knows of one. */
export interface Chat {
	readonly store: Store<ChatState>;
	readonly options: OpenChatOptions;
	readonly place: ChatPlace;
	/** Ends with the chat. */
	readonly signal: AbortSignal;
	/** Commands of the person's own that are running; aborting one ends it with all it started. */
	readonly shells: Set<AbortController>;
	/** Settles once the daemon is there, or could not be reached. */
	readonly connected: Promise<void>;
	/** Null until the daemon is there. */
	readonly client: () => DaemonClient | null;
	/** Shows a line that only this terminal has. */
	readonly note: (text: string) => void;
	readonly problem: (what: string, error: HostError) => void;
	readonly show: (block: Block) => void;
	/** Looks for the daemon anew; false where it cannot be reached. */
	readonly reconnect: () => Promise<boolean>;
	/** Follows that session from now on; null is a session that is yet to begin. */
	readonly open: (sessionId: string | null) => void;
	/** The session, begun now if there is none; null where that failed, which was said. */
	readonly ensureSession: () => Promise<string | null>;
	/** Reads models and waiting questions again. */
	readonly refresh: () => Promise<void>;
	readonly leave: (exitCode: number) => void;
}
