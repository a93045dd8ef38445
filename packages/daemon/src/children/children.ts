/** What a process of ours is for. */
export type ChildKind = "shell" | "job" | "mcp" | "lsp" | "browser";

/** A process that the daemon started and will end; as `status` lists it. */
export interface ChildInfo {
	readonly pid: number;
	readonly kind: ChildKind;
	/** For people: a command, a server's name. */
	readonly name: string;
	/** Null where sessions share it. */
	readonly sessionId: string | null;
}

/** Room for one process and everything that it starts. Taken before the process is started, given back by `end`. */
export interface ChildSlot {
	/** Variables that the process must be started with: its descendants are recognised by them even when they leave its group. */
	readonly environment: Readonly<Record<string, string>>;
	/** Tells the process that was started. */
	readonly started: (pid: number) => void;
	/**
	 * Ends the whole tree, what left the process' group included: asked first where `graceMs` is more than 0 (default 2000),
	 * then killed. Resolves when nothing of it runs and the room is free. Also needed when the process ended by itself.
	 */
	readonly end: (graceMs?: number) => Promise<void>;
}

/** Every process that the daemon started. */
export interface Children {
	readonly limit: number;
	readonly list: () => readonly ChildInfo[];
	/** Room for a process; null when there are as many as may be. */
	readonly reserve: (child: Omit<ChildInfo, "pid">) => ChildSlot | null;
	/** Ends every process of a session. */
	readonly endSession: (sessionId: string) => Promise<void>;
	/** Ends everything; nothing can be started afterwards. */
	readonly close: () => Promise<void>;
}

/** What a person is told when no process may be started. */
export function tooManyChildren(limit: number): string {
	return `The daemon already runs ${limit} processes, as many as "daemon.maxChildren" allows. End some (command_kill, browser_close) or raise the limit.`;
}
