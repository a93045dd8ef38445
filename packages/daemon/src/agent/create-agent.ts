import { realpath } from "node:fs/promises";
import type { SessionFile } from "@opta/contracts/schema/daemon-session";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { ModelEvent } from "../model/model-source.ts";
import type { ChosenModel, Models } from "../model/models.ts";
import type { Tool, ToolRegistry } from "../tools/tool.ts";
import type { TurnContext, TurnEnd, TurnRunner } from "../turns/turn-runner.ts";
import { buildPrompt } from "./build-prompt.ts";
import { type Summary, summarize } from "./compact.ts";
import { createLoopGuard } from "./loop-guard.ts";
import { modelToolOf, offeredTools } from "./offered-tools.ts";
import { type LoopParts, runLoop } from "./run-loop.ts";
import { runSubAgent } from "./run-sub-agent.ts";
import { readSessionFacts, type SessionFacts, systemPromptOf } from "./system-prompt.ts";
import { askTitle } from "./title.ts";

/** What the agent works with. */
export interface AgentParts {
	readonly models: Models;
	readonly tools: ToolRegistry;
	/** For sessions of this workspace, as it is now; read at the start of each turn. */
	readonly config: (workspace: string) => Pick<OptaConfig, "agent" | "tools">;
	readonly platform?: NodeJS.Platform;
	readonly now?: () => Date;
}

/** Sessions whose facts are kept; a session beyond them has its workspace looked at again. */
const mostFacts = 256;
/** A window holds about so many bytes of text for each token; one call's output may take a quarter of it. */
const outputBytesPerToken = 0.75;
const leastOutputBytes = 1024;
const noUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

function ignore(): void {
	// Progress of work that nobody waits for is shown to nobody.
}

/** The agent: one turn is asking the model and running the tools it calls, until it is done. */
export function createAgent(parts: AgentParts): TurnRunner {
	const { models, config } = parts;
	const platform = parts.platform ?? process.platform;
	const now = parts.now ?? (() => new Date());
	const facts = new Map<string, SessionFacts>();

	async function factsOf({ id, metadata }: Readonly<SessionFile>): Promise<SessionFacts> {
		const known = facts.get(id) ?? (await readSessionFacts(metadata.workspace, platform));
		facts.delete(id);
		facts.set(id, known);
		for (const oldest of [...facts.keys()].slice(0, Math.max(0, facts.size - mostFacts))) {
			facts.delete(oldest);
		}
		return known;
	}

	function toolsFor(model: ChosenModel): Tool[] {
		return model.probe.tools === "none" ? [] : offeredTools(parts.tools.list(), model.probe.contextTokens);
	}

	/** What all requests of a session have in front. */
	async function beginning(session: Readonly<SessionFile>, model: ChosenModel): Promise<{ systemPrompt: string; tools: Tool[] }> {
		const tools = toolsFor(model);
		return { systemPrompt: systemPromptOf(await factsOf(session), tools.length > 0), tools };
	}

	async function summaryOf(session: Readonly<SessionFile>, model: ChosenModel, signal: AbortSignal): Promise<Summary | null> {
		const { systemPrompt, tools } = await beginning(session, model);
		return summarize({ model, systemPrompt, tools: tools.map(modelToolOf), signal }, session);
	}

	async function runTurn(context: TurnContext): Promise<TurnEnd> {
		const { turnId, signal } = context;
		const { workspace } = context.session().metadata;
		const settings = config(workspace);
		const folder = await realpath(workspace).catch(() => null);
		if (folder === null) {
			const message = `The folder ${workspace} of this session is not there. Put it back, or begin a session in another folder.`;
			return { ok: false, code: "not_found", message, usage: noUsage };
		}
		const report = (event: ModelEvent): void => {
			if (event.type === "progress") {
				const { stage, fraction, message } = event;
				context.emit({ type: "turn.progress", data: { turnId, stage, fraction, message } });
			}
		};
		const choice = await models.choose(context.model, signal, report);
		if (!choice.ok) {
			const { code, message } = choice.failure;
			return signal.aborted ? { ok: true, reason: "cancelled", usage: noUsage } : { ok: false, code, message, usage: noUsage };
		}
		const model = choice.value;
		await context.append({ type: "turn.started", data: { turnId, model: model.id, provider: model.provider } });
		const { systemPrompt, tools } = await beginning(context.session(), model);
		const window = model.probe.contextTokens;
		const outputRoom = window === null ? Number.POSITIVE_INFINITY : Math.max(leastOutputBytes, Math.floor(window * outputBytesPerToken));
		const loop: Omit<LoopParts, "conversation"> = {
			turn: context,
			model,
			tools,
			guard: createLoopGuard(),
			maxSteps: settings.agent.maxSteps,
			maxParallel: settings.tools.maxParallel,
			compactAt: settings.agent.compactAt,
			temperature: settings.agent.temperature,
			showsText: true,
			count: models.count,
			now,
			calls: {
				maxOutputBytes: Math.min(settings.tools.maxOutputBytes, outputRoom),
				workspace: folder,
				runSubAgent: (task, names) => runSubAgent(loop, systemPrompt, task, names),
			},
		};
		return runLoop({
			...loop,
			conversation: {
				messages: () => context.session().messages,
				add: context.appendMessage,
				prompt: () => buildPrompt(systemPrompt, context.session()),
				join: async () => (await context.takeSteering()).length > 0,
				compact: async () => {
					const summary = await summaryOf(context.session(), model, signal);
					if (summary !== null) {
						await context.compact(summary.beforeMessageId, summary.summary);
					}
					return summary !== null;
				},
			},
		});
	}

	return {
		async run(context) {
			try {
				return await runTurn(context);
			} catch (error) {
				const said = error instanceof Error ? error.message : String(error);
				return { ok: false, code: "unavailable", message: `The turn could not go on: ${said}`, usage: noUsage };
			}
		},
		async title(session, signal) {
			const choice = config(session.metadata.workspace).agent.titles ? await models.choose(session.metadata.model, signal, ignore) : null;
			// Nothing of a session goes elsewhere than its answers come from, and no cloud is asked for a title.
			return choice?.ok === true && choice.value.provider === "lmx" ? askTitle(choice.value, session, signal) : null;
		},
		async summarize(session, signal) {
			const choice = await models.choose(session.metadata.model, signal, ignore);
			return choice.ok ? summaryOf(session, choice.value, signal) : null;
		},
	};
}
