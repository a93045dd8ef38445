import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Children } from "../../children/children.ts";
import { thisPlatform } from "../../platform/opta-home.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { ToolGroup } from "../tool.ts";
import { CommandJobs } from "./command-jobs.ts";
import { jobTools } from "./job-tools.ts";
import { runCommandTool } from "./run-command.ts";

/** What the shell tools need. */
export interface ShellParts {
	readonly children: Children;
	readonly sandbox: Sandbox;
	/** `tools.shellTimeoutMs`. */
	readonly timeoutMs: number;
	/** Whether commands reach the network: never, only those that ask for it and are allowed, always. */
	readonly network: () => "off" | "ask" | "on";
}

/** `run_command`, `command_output` and `command_kill`. */
export function shellTools(parts: ShellParts): ToolGroup {
	const tmpFolders = new Map<string, Promise<string>>();
	const tmp = (sessionId: string): Promise<string> => {
		const made = tmpFolders.get(sessionId) ?? mkdtemp(path.join(tmpdir(), "opta-")).then((folder) => realpath(folder));
		tmpFolders.set(sessionId, made);
		return made;
	};
	const setting = { children: parts.children, sandbox: parts.sandbox, platform: thisPlatform(), tmp };
	const jobs = new CommandJobs(setting);
	const closeSession = async (sessionId: string): Promise<void> => {
		await jobs.closeSession(sessionId);
		await parts.children.endSession(sessionId);
		const folder = await tmpFolders.get(sessionId);
		tmpFolders.delete(sessionId);
		if (folder !== undefined) {
			await rm(folder, { recursive: true, force: true });
		}
	};
	return {
		tools: [runCommandTool({ ...setting, jobs, timeoutMs: parts.timeoutMs, network: parts.network }), ...jobTools(jobs)],
		closeSession,
		close: async () => {
			await jobs.close();
			await Promise.all([...tmpFolders.keys()].map(closeSession));
		},
	};
}
