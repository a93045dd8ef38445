/** A file that a rewind left alone, and why. */
export interface SkippedFile {
	readonly path: string;
	readonly reason: string;
}

/** What a rewind did; absolute paths. */
export interface RestoredFiles {
	readonly restoredFiles: readonly string[];
	readonly skipped: readonly SkippedFile[];
}

/** Files as they were before each turn that changed them. */
export interface Checkpoints {
	/**
	 * Keeps a file before it becomes `after` (null: gone); on disk when it resolves. Called before every change; the first of a turn
	 * keeps the content. Rejects where that cannot be written: the file must not be changed then.
	 */
	readonly keepBefore: (sessionId: string, turnId: string, absolutePath: string, after: Uint8Array | null) => Promise<void>;
	/**
	 * Brings files back to what they were before that turn, for it and every later one of the session. Files that somebody else
	 * changed since, or whose copy was not kept, are left alone and named. What a `kill -9` cuts off is finished at the next opening.
	 */
	readonly restore: (sessionId: string, fromTurnId: string) => Promise<RestoredFiles>;
	/** Unified diff from before that turn (the session's first when missing) to now; paths relative to `workspace`. */
	readonly diff: (sessionId: string, workspace: string, sinceTurnId?: string) => Promise<string>;
	/** Gives a fork what its parent has kept of the turns that it takes over. */
	readonly fork: (fromSessionId: string, toSessionId: string, turnIds: readonly string[]) => Promise<void>;
	/** Drops what was kept for a session that is gone for good. */
	readonly forget: (sessionId: string) => Promise<void>;
	/** Bytes of kept content. Over the limit the oldest copies go, and a rewind says so. */
	readonly usage: () => { readonly used: number; readonly limit: number };
	readonly close: () => Promise<void>;
}
