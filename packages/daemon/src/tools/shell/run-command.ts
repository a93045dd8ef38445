import path from "node:path";
import { z } from "zod";
import { defineTool, type Tool, type ToolContext, type ToolOutcome } from "../tool.ts";
import { commandAccess } from "./command-access.ts";
import type { CommandJobs } from "./command-jobs.ts";
import { endLine, sandboxHint } from "./end-line.ts";
import { type RunningLine, runInShell, type ShellSetting } from "./run-in-shell.ts";
import { settleLines } from "./strip-terminal-codes.ts";

/** What running commands needs. */
export interface RunCommandParts extends ShellSetting {
	readonly jobs: CommandJobs;
	readonly timeoutMs: number;
	/** Whether commands reach the network: never, only those that ask for it and are allowed, always. */
	readonly network: () => "off" | "ask" | "on";
}

const longestTimeoutMs = 3_600_000;
/** Characters of a command's output that are shown while it runs. */
const maxShownLive = 1_000_000;
/** How long a job is watched before the call returns, so that one that fails at once says so. */
const firstLookMs = 500;

const inputSchema = z.strictObject({
	command: z.string().min(1).max(100_000).describe("A line (or several) of shell."),
	cwd: z.string().max(4096).optional().describe("Folder to begin in, relative to the workspace. Default: the workspace."),
	timeoutMs: z.int().min(100).max(longestTimeoutMs).optional().describe("Time after which it is ended."),
	background: z
		.boolean()
		.default(false)
		.describe("Returns a job id at once; for servers and watchers. See command_output and command_kill."),
	terminal: z.boolean().default(false).describe("Runs in a terminal (PTY), for programs that insist on one."),
	input: z.string().max(1_000_000).default("").describe("What the command reads from its standard input, which is empty otherwise."),
	network: z.boolean().default(false).describe("Asks for access to the network, which commands do not have otherwise."),
});

type Input = z.infer<typeof inputSchema>;

function folderOf(input: Input, workspace: string): string {
	return path.resolve(workspace, input.cwd ?? ".");
}

/** Refuses what no permission could allow. */
function assertNetwork(input: Input, parts: RunCommandParts): void {
	if (input.network && parts.network() === "off") {
		throw new Error(
			'"Local only" is on: commands get no network. The person can switch it off with "opta config set localOnly false", or allow it to all commands with "tools.sandbox.network".',
		);
	}
}

async function runToEnd(input: Input, context: ToolContext, parts: RunCommandParts): Promise<ToolOutcome> {
	const timeoutMs = input.timeoutMs ?? parts.timeoutMs;
	const keep = Math.ceil(context.maxOutputBytes / 2);
	const network = input.network || parts.network() === "on";
	let shown = 0;
	const onOutput = (text: string) => {
		if (shown < maxShownLive) {
			context.onOutput(text);
		}
		shown += text.length;
	};
	const running = await runInShell(parts, {
		...{ line: input.command, kind: "shell", keep: { head: keep, tail: keep }, onOutput, network, input: input.input },
		...{ sessionId: context.sessionId, workspace: context.workspace, folder: folderOf(input, context.workspace) },
		...{ environment: context.environment, terminal: input.terminal },
	});
	const timeLimit = AbortSignal.timeout(timeoutMs);
	const stop = AbortSignal.any([timeLimit, context.signal]);
	const stopped = () => void running.end(context.signal.aborted ? 500 : 2000);
	stop.addEventListener("abort", stopped, { once: true });
	if (stop.aborted) {
		stopped();
	}
	const end = await running.ended;
	stop.removeEventListener("abort", stopped);
	const cut =
		stop.aborted &&
		(context.signal.aborted
			? "Cancelled."
			: `Ended after ${timeoutMs} ms, the time limit. If it waits for input, give it with input; if it is to run on, use background.`);
	const flood = end.flooded && "Ended because it wrote more than anybody could read.";
	const state = cut || flood || endLine(end);
	return {
		ok: !stop.aborted && !end.flooded && end.exitCode === 0 && end.signal === null,
		...report(state, running, context.maxOutputBytes, parts, network),
	};
}

/** State, output within the limit, and a hint where the sandbox may be the cause. */
function report(
	state: string,
	running: RunningLine,
	maxBytes: number,
	parts: RunCommandParts,
	network: boolean,
): Pick<ToolOutcome, "output" | "truncated"> {
	const { text, truncated } = running.output.excerpt(
		maxBytes - 600,
		"To see them, run it again with its output in a file, and read or search that.",
	);
	const settled = settleLines(text).trimEnd();
	const hint = state === "Exit code 0." ? null : sandboxHint(settled, parts.sandbox.kind, network);
	return { output: [state, ...(hint === null ? [] : [hint]), settled === "" ? "(no output)" : settled].join("\n"), truncated };
}

async function runAsJob(input: Input, context: ToolContext, parts: RunCommandParts): Promise<ToolOutcome> {
	const job = await parts.jobs.start({
		...{ line: input.command, input: input.input, network: input.network || parts.network() === "on", environment: context.environment },
		...{ sessionId: context.sessionId, workspace: context.workspace, folder: folderOf(input, context.workspace), terminal: input.terminal },
	});
	await Promise.race([job.running.ended, new Promise((resolve) => setTimeout(resolve, firstLookMs).unref())]);
	const state = job.end === null ? `Runs in the background as ${job.id}.` : `${job.id} has ended already. ${endLine(job.end)}`;
	return { ok: job.end === null || job.end.exitCode === 0, ...report(state, job.running, context.maxOutputBytes, parts, input.network) };
}

/** `run_command`. */
export function runCommandTool(parts: RunCommandParts): Tool {
	return defineTool<Input>({
		name: "run_command",
		description:
			"Runs a line of shell (bash; PowerShell on Windows) in the workspace and gives its exit code and output. Where the platform has a sandbox, commands write only to the workspace and to temporary files, and have no network unless it was asked for and allowed. Whatever a command leaves running is ended with it; use background for servers. Long output keeps its beginning and end.",
		kind: "execute",
		input: inputSchema,
		access: (input, { workspace }) => {
			assertNetwork(input, parts);
			return commandAccess({ ...input, folder: folderOf(input, workspace) }, workspace, parts.platform);
		},
		run: async (input, context) => {
			assertNetwork(input, parts);
			try {
				return await (input.background ? runAsJob : runToEnd)(input, context, parts);
			} catch (error) {
				return { ok: false, output: `The command could not be started: ${error instanceof Error ? error.message : String(error)}` };
			}
		},
	});
}
