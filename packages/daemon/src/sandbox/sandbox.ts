/** What keeps commands in. */
export type SandboxKind = "bubblewrap" | "sandbox-exec" | "none";

/** A program and its arguments. */
export interface Command {
	readonly file: string;
	readonly args: readonly string[];
}

/** What a command in the sandbox may do. */
export interface SandboxPolicy {
	/** The folder it may write in; absolute, symbolic links resolved. */
	readonly workspace: string;
	/** False: no connection at all, not even to this computer's own services. */
	readonly network: boolean;
}

/** Keeps commands to their workspace. */
export interface Sandbox {
	readonly kind: SandboxKind;
	/** For people: why there is none, or what it does not cover. */
	readonly note: string | null;
	/** The command that runs this one inside. Unchanged where there is no sandbox. */
	readonly wrap: (command: Command, policy: SandboxPolicy) => Promise<Command>;
}
