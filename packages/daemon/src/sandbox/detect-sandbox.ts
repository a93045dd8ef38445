import type { OptaPlatform } from "../platform/opta-home.ts";
import type { Sandbox } from "./sandbox.ts";

/** What is needed to find the sandbox of this computer. */
export interface SandboxSources {
	readonly platform: OptaPlatform;
	/** `tools.sandbox.enabled`. */
	readonly enabled: boolean;
	/** The person's own folder, where keys lie (`~/.ssh`, …). */
	readonly userHome: string;
	/** Folders of the daemon that commands must not see: its home with `state.json`, logs and secrets. */
	readonly hidden: readonly string[];
	/** `PATH` that programs are looked up in. */
	readonly searchPath: string;
}

/** Finds out once, by running it, whether commands can be kept to their workspace. */
export async function detectSandbox(sources: SandboxSources): Promise<Sandbox> {
	const note = sources.enabled ? "Not looked for yet." : "Switched off (tools.sandbox.enabled).";
	return { kind: "none", note, wrap: (command) => Promise.resolve(command) };
}
