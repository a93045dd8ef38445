import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { optaConfigSchema } from "@opta/contracts/schema/opta-config";
import { z } from "zod";
import { createAgent } from "../agent/create-agent.ts";
import { createEgress } from "../egress/create-egress.ts";
import type { Egress } from "../egress/egress.ts";
import type { Models } from "../model/models.ts";
import { openModels } from "../model/open-models.ts";
import { defineTool, type Tool, type ToolKind, type ToolOutcome } from "../tools/tool.ts";
import type { TurnRunner } from "../turns/turn-runner.ts";
import { type ScriptedModel, type ScriptedModelOptions, startScriptedModel } from "./scripted-model.ts";
import { createScriptedSession, type ScriptedSession, type ScriptedSessionOptions } from "./scripted-turn.ts";

/** The real agent with a scripted model, a session in memory and tools that only write down that they ran. */
export interface ScriptedAgent {
	/** The session's workspace. */
	readonly folder: string;
	readonly model: ScriptedModel;
	readonly egress: Egress;
	readonly models: Models;
	readonly agent: TurnRunner;
	readonly session: ScriptedSession;
	/** Tools that ran and on what, in order. */
	readonly ran: readonly string[];
	/** Types of the events that were appended. */
	readonly types: () => string[];
	/** What the model got from its calls. */
	readonly results: () => string[];
	/** The words that were shown while they came. */
	readonly tokens: () => string;
	readonly close: () => Promise<void>;
}

/** What a tool does; `note` writes down that it ran. */
export type ScriptedToolRun = (path: string, signal: AbortSignal) => Promise<ToolOutcome>;

/** What is different from the usual. */
export interface ScriptedAgentOptions {
	readonly model?: ScriptedModelOptions;
	readonly session?: Partial<ScriptedSessionOptions>;
	/** Instead of `read_file` and `write_file`: kind and work by name. `sub_agent` is always there. */
	readonly tools?: Readonly<Record<string, readonly [ToolKind, ScriptedToolRun]>>;
	readonly config?: Readonly<Record<string, unknown>>;
}

const usualTools: NonNullable<ScriptedAgentOptions["tools"]> = {
	read_file: ["read", async (subject) => ({ ok: true, output: `content of ${subject}` })],
	write_file: ["edit", async () => ({ ok: true, output: "written" })],
};

const subAgentTool = defineTool({
	name: "sub_agent",
	description: "Runs a task.",
	kind: "interact",
	input: z.strictObject({ task: z.string() }),
	access: ({ task }) => ({ title: task, subjects: [], alwaysPatterns: [] }),
	run: ({ task }, context) => context.runSubAgent(task),
});

function scriptedTool(name: string, [kind, run]: readonly [ToolKind, ScriptedToolRun], ran: string[]): Tool {
	return defineTool({
		name,
		description: `The tool ${name}.`,
		kind,
		input: z.strictObject({ path: z.string() }),
		access: ({ path: subject }) => ({ title: `${name} ${subject}`, subjects: [subject], alwaysPatterns: [] }),
		async run({ path: subject }, context) {
			ran.push(`${name} ${subject}`);
			context.onOutput(`${subject}…`);
			return run(subject, context.signal);
		},
	});
}

/** Opens it; local only, with Anthropic switched off. */
export async function openScriptedAgent(options: ScriptedAgentOptions = {}): Promise<ScriptedAgent> {
	const folder = mkdtempSync(path.join(tmpdir(), "opta-agent-"));
	const model = await startScriptedModel(options.model);
	const config = optaConfigSchema.parse(options.config ?? {});
	const egress = createEgress({ localOnly: () => config.localOnly, lmxAddress: () => model });
	const noKey = async (): Promise<string | null> => null;
	const models = openModels({
		egress,
		config: () => config,
		lmxAddress: () => model,
		adminKey: noKey,
		anthropicKey: noKey,
		folder: path.join(folder, "models"),
		onProblem: (message) => {
			throw new Error(message);
		},
	});
	const ran: string[] = [];
	const tools = [...Object.entries(options.tools ?? usualTools).map(([name, work]) => scriptedTool(name, work, ran)), subAgentTool];
	const agent = createAgent({
		models,
		tools: {
			list: () => tools,
			find: (name) => tools.find((each) => each.name === name),
			closeSession: async () => undefined,
			close: async () => undefined,
		},
		config: () => config,
	});
	const session = createScriptedSession({ workspace: folder, ...options.session });
	return {
		folder,
		model,
		egress,
		models,
		agent,
		session,
		ran,
		types: () => session.durable.map(({ type }) => type),
		results: () => session.durable.flatMap((event) => (event.type === "tool.result" ? [event.data.output] : [])),
		tokens: () =>
			session.volatile.map((event) => (event.type === "turn.token" && event.data.channel === "text" ? event.data.text : "")).join(""),
		async close() {
			await models.close();
			await egress.close();
			await model.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
