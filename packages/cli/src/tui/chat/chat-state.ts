import type { PendingPermission, PermissionMode } from "@opta/contracts/schema/daemon-permission";
import type { SessionList } from "@opta/contracts/schema/daemon-session";
import type { DaemonModels, DaemonStatus } from "@opta/contracts/schema/daemon-status";
import { emptySessionView, type SessionView } from "@opta/host-client/session/session-view";
import type { Block } from "@opta/host-client/session/transcript";
import type { SlashCommand } from "../../slash/builtin-commands.ts";
import type { UserCommand } from "../../slash/user-command.ts";
import type { CompletionTarget } from "../completion/find-completion.ts";
import { type EditorState, emptyEditor } from "../editor/editor-state.ts";
import { type HistoryCursor, startHistory } from "../editor/prompt-history.ts";
import type { Panel } from "./panel.ts";

/** Something that only this terminal shows, at its place in the transcript. */
export interface LocalBlock {
	/** Block that it stands behind; null stands at the beginning. */
	readonly after: string | null;
	readonly block: Block;
}

/** What may be chosen for what is being written. */
export interface Completion {
	readonly target: CompletionTarget;
	readonly items: readonly { readonly text: string; readonly label: string; readonly note: string }[];
	readonly selected: number;
}

/** Everything that a screen shows. */
export interface ChatState {
	readonly connection: { readonly state: "starting" | "connecting" | "live" | "lost" | "failed"; readonly problem: string | null };
	readonly ownClientId: string;
	readonly workspace: string;
	/** Null until the first message begins one. */
	readonly sessionId: string | null;
	readonly view: SessionView;
	readonly locals: readonly LocalBlock[];
	/** Everything up to this block was cleared from the screen. */
	readonly hiddenUntil: string | null;
	readonly clears: number;
	/** Counts sessions that were opened, for what has to begin anew with each. */
	readonly opened: number;
	/** For a session that is yet to begin. */
	readonly model: string;
	readonly mode: PermissionMode;
	readonly speeds: ReadonlyMap<string, number>;
	readonly clientNames: ReadonlyMap<string, string>;
	readonly sessions: SessionList["sessions"];
	/** Of all sessions. */
	readonly waiting: readonly PendingPermission[];
	readonly models: DaemonModels | null;
	readonly status: DaemonStatus | null;
	readonly account: string | null;
	readonly files: readonly string[];
	readonly commands: readonly (SlashCommand | UserCommand)[];
	readonly editor: EditorState;
	readonly history: HistoryCursor;
	readonly completion: Completion | null;
	readonly panel: Panel | null;
	/** One line that soon goes away, about what was just done. */
	readonly hint: string | null;
	readonly sending: boolean;
	/** What Enter does while a turn runs. */
	readonly busyMode: "queue" | "steer";
	readonly showReasoning: boolean;
	readonly showOutput: boolean;
	readonly showSessions: boolean;
	/** The question that is shown, when it appeared, and how far its detail is scrolled. */
	readonly question: { readonly id: string; readonly sinceMs: number; readonly scroll: number } | null;
	/** Last line that is shown of the transcript in the full screen; null follows the end. */
	readonly anchor: { readonly blockId: string; readonly line: number } | null;
	/** When Esc and Ctrl-C were last pressed, for those that count twice. */
	readonly lastEscapeMs: number;
	readonly lastInterruptMs: number;
	/** Exit code, once the person leaves. */
	readonly exit: number | null;
}

/** Before anything has happened. */
export function initialChatState(start: Pick<ChatState, "workspace" | "model" | "mode" | "sessionId">): ChatState {
	return {
		...start,
		connection: { state: "starting", problem: null },
		ownClientId: "",
		view: emptySessionView,
		locals: [],
		hiddenUntil: null,
		clears: 0,
		opened: 0,
		speeds: new Map(),
		clientNames: new Map(),
		sessions: [],
		waiting: [],
		models: null,
		status: null,
		account: null,
		files: [],
		commands: [],
		editor: emptyEditor,
		history: startHistory([]),
		completion: null,
		panel: null,
		hint: null,
		sending: false,
		busyMode: "queue",
		showReasoning: false,
		showOutput: false,
		showSessions: true,
		question: null,
		anchor: null,
		lastEscapeMs: 0,
		lastInterruptMs: 0,
		exit: null,
	};
}

/** The turn that runs or waits for an answer. */
export function runningTurn(state: Pick<ChatState, "view">): ChatState["view"]["turns"][number] | undefined {
	return state.view.turns.find((turn) => turn.state !== "queued");
}

/** The model of the session, or of the one to come. */
export function chosenModel(state: ChatState): string {
	return state.view.info?.metadata.model ?? state.model;
}

/** What may happen without asking. */
export function chosenMode(state: ChatState): PermissionMode {
	return state.view.info?.metadata.mode ?? state.mode;
}

/** The model that is asked: what `auto` stands for. */
export function actualModel(state: ChatState): DaemonModels["models"][number] | undefined {
	const name = chosenModel(state) === "auto" ? state.models?.default : chosenModel(state);
	return state.models?.models.find((model) => model.id === name);
}
