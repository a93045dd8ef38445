import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Todo } from "@opta/contracts/schema/daemon-session";
import type { Tool, ToolAccess, ToolContext, ToolOutcome } from "../tool.ts";

/** A workspace in a folder of its own, and a session that calls tools in it as the agent does. */
export interface ToolHarness {
	/** Around the workspace; removed at the end. */
	readonly folder: string;
	readonly workspace: string;
	readonly context: ToolContext;
	/** Paths that were kept, in order. */
	readonly kept: string[];
	readonly access: (tool: Tool, input: object) => Promise<ToolAccess>;
	readonly run: (tool: Tool, input: object, context?: Partial<ToolContext>) => Promise<ToolOutcome>;
	readonly close: () => Promise<void>;
}

/** Makes a workspace. */
export async function openToolHarness(): Promise<ToolHarness> {
	const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "opta-tools-")));
	const workspace = path.join(folder, "work");
	await mkdir(workspace);
	const kept: string[] = [];
	let todos: readonly Todo[] = [];
	const context: ToolContext = {
		sessionId: "s1",
		turnId: "t1",
		callId: "c1",
		workspace,
		environment: { PATH: "/usr/bin:/bin", HOME: folder },
		signal: new AbortController().signal,
		maxOutputBytes: 64 * 1024,
		onOutput: () => undefined,
		keepBefore: async (absolute) => {
			kept.push(absolute);
		},
		ask: async () => null,
		todos: {
			read: () => todos,
			write: async (next) => {
				todos = next;
			},
		},
		runSubAgent: async () => ({ ok: true, output: "" }),
	};
	return {
		folder,
		workspace,
		context,
		kept,
		access: async (tool, input) => tool.access(tool.input.parse(input), context),
		run: (tool, input, more) => tool.run(tool.input.parse(input), { ...context, ...more }),
		close: () => rm(folder, { recursive: true, force: true }),
	};
}
