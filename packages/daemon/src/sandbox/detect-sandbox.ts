import { execFile } from "node:child_process";
import { access, constants, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { OptaPlatform } from "../platform/opta-home.ts";
import { bubblewrapArguments, type Protection } from "./bubblewrap-arguments.ts";
import { heldPaths, hiddenPaths } from "./protected-paths.ts";
import { type Sandbox, type SandboxPolicy, tmpEnvironment } from "./sandbox.ts";
import { seatbeltProfile } from "./seatbelt-profile.ts";

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

const run = promisify(execFile);
const probeTimeoutMs = 10_000;

function none(why: string): Sandbox {
	return {
		kind: "none",
		note: `Shell commands run without a sandbox, with all rights of your user: ${why}`,
		wrap: (command) => Promise.resolve({ ...command, environment: {} }),
	};
}

async function programAt(file: string): Promise<boolean> {
	return await access(file, constants.X_OK).then(
		() => true,
		() => false,
	);
}

async function findProgram(name: string, searchPath: string): Promise<string | null> {
	for (const folder of searchPath.split(path.delimiter).filter(path.isAbsolute)) {
		const file = path.join(folder, name);
		if (await programAt(file)) {
			return file;
		}
	}
	return null;
}

/** Runs `true` inside; what went wrong, or null. */
async function problemOf(sandbox: Sandbox): Promise<string | null> {
	const folder = await realpath(await mkdtemp(path.join(tmpdir(), "opta-sandbox-")));
	try {
		const { file, args } = await sandbox.wrap(
			{ file: "/bin/sh", args: ["-c", "exit 0"] },
			{ workspace: folder, tmp: folder, network: false },
		);
		await run(file, args, { timeout: probeTimeoutMs });
		return null;
	} catch (error) {
		const text = (error as { stderr?: string }).stderr || (error instanceof Error ? error.message : String(error));
		return text.trim().slice(0, 500);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function bubblewrap(file: string, protect: (policy: SandboxPolicy) => Promise<Protection>): Sandbox {
	return {
		kind: "bubblewrap",
		note: null,
		wrap: async (command, policy) => ({
			file,
			args: bubblewrapArguments(command, policy, await protect(policy)),
			environment: tmpEnvironment("/tmp"),
		}),
	};
}

function seatbelt(file: string, protect: (policy: SandboxPolicy) => Promise<Protection>): Sandbox {
	return {
		kind: "sandbox-exec",
		note: null,
		wrap: async (command, policy) => ({
			file,
			args: ["-p", seatbeltProfile(policy, await protect(policy)), command.file, ...command.args],
			environment: tmpEnvironment(policy.tmp),
		}),
	};
}

/** Finds out once, by running it, whether commands can be kept to their workspace. */
export async function detectSandbox(sources: SandboxSources): Promise<Sandbox> {
	if (!sources.enabled) {
		return none('it is switched off ("tools.sandbox.enabled").');
	}
	if (sources.platform === "win32") {
		return none("Windows has none that Opta can use. Look closely at what you allow.");
	}
	const linux = sources.platform === "linux";
	const file = linux ? await findProgram("bwrap", sources.searchPath) : "/usr/bin/sandbox-exec";
	if (file === null) {
		return none('bubblewrap is not installed. Install the package "bubblewrap" and restart the daemon.');
	}
	const protect = async ({ workspace }: SandboxPolicy): Promise<Protection> => ({
		hidden: await hiddenPaths(sources.userHome, sources.hidden),
		held: await heldPaths(workspace),
	});
	const sandbox = linux ? bubblewrap(file, protect) : seatbelt(file, protect);
	const problem = await problemOf(sandbox);
	return problem === null ? sandbox : none(`${sandbox.kind} does not work on this computer: ${problem}`);
}
