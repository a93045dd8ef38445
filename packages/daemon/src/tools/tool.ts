import type { Todo } from "@opta/contracts/schema/daemon-session";
import type { z } from "zod";

/** What a tool does to the world; the permission modes are about these. */
export type ToolKind = "read" | "edit" | "execute" | "network" | "interact";

/** What a person would have to allow. */
export interface ToolAccess {
	/** One line: `Write src/a.ts`, `Run npm test`. */
	readonly title: string;
	/** What a person needs to see to decide: a command, a diff, an address. */
	readonly detail?: string;
	/** What rules are matched with: paths relative to the workspace (absolute outside of it), simple commands, origins. Every one must be allowed. */
	readonly subjects: readonly string[];
	/** Patterns that "always" would add as rules. */
	readonly alwaysPatterns: readonly string[];
	/** True where it reaches outside the workspace: asked for in every mode but `auto`. */
	readonly outsideWorkspace?: boolean;
}

/** Keeps a file before it becomes `after`; null where it will be gone. */
export type KeepBefore = (absolutePath: string, after: Uint8Array | null) => Promise<void>;

/** What a call is given. */
export interface ToolContext {
	readonly sessionId: string;
	readonly turnId: string;
	readonly callId: string;
	/** Absolute path of the session's folder, symbolic links resolved. */
	readonly workspace: string;
	/** Variables of the session's terminal; never the daemon's own. */
	readonly environment: Readonly<Record<string, string>>;
	readonly signal: AbortSignal;
	/** Longest output that the model gets. */
	readonly maxOutputBytes: number;
	/** Shows output while the tool runs. */
	readonly onOutput: (text: string) => void;
	/**
	 * Keeps a file as it is before it is changed or created, so that a rewind can bring it back; before every change, with what the
	 * file will be (null: gone), so that a rewind can tell the agent's change from somebody else's. Rejects where it cannot be kept: do
	 * not change it then.
	 */
	readonly keepBefore: KeepBefore;
	/** Asks the person; null when nobody answered. */
	readonly ask: (question: string, choices?: readonly string[]) => Promise<string | null>;
	readonly todos: { readonly read: () => readonly Todo[]; readonly write: (todos: readonly Todo[]) => Promise<void> };
	/** Runs a task in a conversation of its own with the tools named (all but `sub_agent` when missing); its last message. */
	readonly runSubAgent: (task: string, tools?: readonly string[]) => Promise<ToolOutcome>;
}

/** How a call ended. Failures are outcomes too: the model reads them. */
export interface ToolOutcome {
	readonly ok: boolean;
	/** What the model gets, within `maxOutputBytes`; says what was left out and how to get it. */
	readonly output: string;
	readonly truncated?: boolean;
	/** Unified diff of what changed. */
	readonly diff?: string;
}

/** One tool. `Input` is what `input` gives after parsing. */
export interface Tool<Input = unknown> {
	/** As the model calls it: `read_file`. */
	readonly name: string;
	/** For the model: what it does, when to use it, its limits. Never changes while the daemon runs (prompts are cached by their bytes). */
	readonly description: string;
	readonly kind: ToolKind;
	readonly input: z.ZodType<Input>;
	/** Instead of the schema of `input`, where the tool comes from an MCP server. */
	readonly inputJsonSchema?: Readonly<Record<string, unknown>>;
	/** The MCP server that brings it. */
	readonly server?: string;
	/** What this call would need; a message where the arguments make no sense, which the model gets. */
	readonly access: (input: Input, context: Pick<ToolContext, "workspace">) => ToolAccess | Promise<ToolAccess>;
	readonly run: (input: Input, context: ToolContext) => Promise<ToolOutcome>;
}

/** Tools by name. */
export interface ToolRegistry {
	readonly list: () => readonly Tool[];
	readonly find: (name: string) => Tool | undefined;
	/** Ends everything that tools of this session left running. */
	readonly closeSession: (sessionId: string) => Promise<void>;
	/** Ends everything. */
	readonly close: () => Promise<void>;
}

/** Tools that belong together, and what they leave running between calls. */
export interface ToolGroup {
	readonly tools: readonly Tool[];
	/** Ends what they left running for this session. */
	readonly closeSession: (sessionId: string) => Promise<void>;
	/** Ends everything. */
	readonly close: () => Promise<void>;
}

/** A tool as lists hold it: arguments are read with its own schema before it sees them. */
export function defineTool<Input>(tool: Tool<Input>): Tool {
	return {
		...tool,
		access: (input, context) => tool.access(tool.input.parse(input), context),
		run: (input, context) => tool.run(tool.input.parse(input), context),
	};
}
