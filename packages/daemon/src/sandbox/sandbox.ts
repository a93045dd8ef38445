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
	/** A folder of its own for temporary files; the only other place that it may write to. Absolute, symbolic links resolved. */
	readonly tmp: string;
	/** False: no connection at all, not even to this computer's own services. */
	readonly network: boolean;
}

/** A command that runs inside. */
export interface SandboxedCommand extends Command {
	/** Variables that go before those of the terminal: where temporary files and caches are. */
	readonly environment: Readonly<Record<string, string>>;
}

/** Keeps commands to their workspace. */
export interface Sandbox {
	readonly kind: SandboxKind;
	/** For people: why there is none, or what it does not cover. */
	readonly note: string | null;
	/** The command that runs this one inside. The same command where there is no sandbox. */
	readonly wrap: (command: Command, policy: SandboxPolicy) => Promise<SandboxedCommand>;
}

/** Variables that move temporary files and caches to the folder where they may be written. */
export function tmpEnvironment(tmp: string): Record<string, string> {
	return { TMPDIR: tmp, XDG_CACHE_HOME: `${tmp}/.cache`, npm_config_cache: `${tmp}/.npm` };
}
