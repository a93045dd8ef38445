import type { ErrorCode } from "@opta/contracts/error-codes";
import type { DurableEvent, SessionEvent, VolatileEvent } from "@opta/contracts/schema/daemon-events";
import type { Message } from "@opta/contracts/schema/daemon-message";
import type { SessionFile, Todo } from "@opta/contracts/schema/daemon-session";
import type { KeepBefore, Tool, ToolAccess } from "../tools/tool.ts";

/** Tokens that a turn used. */
export interface TurnUsage {
	readonly promptTokens: number;
	readonly cachedTokens: number;
	readonly completionTokens: number;
}

/** How a turn ended. */
export type TurnEnd =
	| { readonly ok: true; readonly reason: "stop" | "length" | "cancelled" | "step_limit"; readonly usage: TurnUsage }
	| { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly usage: TurnUsage };

/** What a person said to a call. */
export type PermissionVerdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/**
 * What the agent's loop is given to run one turn. Everything it appends is on disk when the promise resolves; where the disk
 * refuses, it rejects, and the turn is to end with `unavailable`.
 *
 * The engine appends the user's message before and `turn.done` or `turn.error` after; the runner appends `turn.started` once it
 * knows who answers, messages, `tool.start` and `tool.result`. A turn that waited for a person when the daemon ended goes on
 * after the restart: the session's last assistant message then has tool calls without a tool message that answers them, and
 * the runner goes on with exactly those. `permit` and `ask` with the same `callId` wait for the question that is open already.
 */
export interface TurnContext {
	readonly turnId: string;
	/** Model for this turn: an id or `auto`. */
	readonly model: string;
	readonly signal: AbortSignal;
	/** The session as it is now, messages included. */
	readonly session: () => Readonly<SessionFile>;
	readonly environment: Readonly<Record<string, string>>;
	readonly append: (event: DurableEvent) => Promise<SessionEvent>;
	/** Adds a message to the session (`turn.message`). */
	readonly appendMessage: (message: Message) => Promise<void>;
	readonly emit: (event: VolatileEvent) => void;
	/** Lets the user messages that came since the last call (`mode: steer`) join the session and returns them. Call it between steps, when every tool call has its result. */
	readonly takeSteering: () => Promise<readonly Message[]>;
	/** Decides by mode and rules, and asks a person where those say so. Resolves at once after a cancel. */
	readonly permit: (tool: Tool, access: ToolAccess, callId: string) => Promise<PermissionVerdict>;
	readonly ask: (question: string, callId: string, choices?: readonly string[]) => Promise<string | null>;
	readonly keepBefore: KeepBefore;
	readonly writeTodos: (todos: readonly Todo[]) => Promise<void>;
	/** Stores a summary that stands for the messages before that one when the model is asked. */
	readonly compact: (beforeMessageId: string, summary: string) => Promise<void>;
}

/** The agent: asks the model, runs the tools it calls, until it is done. Never rejects. */
export interface TurnRunner {
	readonly run: (context: TurnContext) => Promise<TurnEnd>;
	/** A title for a session after its first turn; null where the model gives none. */
	readonly title: (session: Readonly<SessionFile>, signal: AbortSignal) => Promise<string | null>;
	/** Compacts by hand: the summary and from where messages stay; null when there is nothing to compact. */
	readonly summarize: (
		session: Readonly<SessionFile>,
		signal: AbortSignal,
	) => Promise<{ readonly beforeMessageId: string; readonly summary: string } | null>;
}
