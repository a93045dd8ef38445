import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { Models } from "../model/models.ts";
import type { ToolRegistry } from "../tools/tool.ts";
import type { TurnRunner } from "../turns/turn-runner.ts";

/** What the agent works with. */
export interface AgentParts {
	readonly models: Models;
	readonly tools: ToolRegistry;
	/** As it is now; read at the start of each turn. */
	readonly config: () => Pick<OptaConfig, "agent" | "tools">;
	readonly now?: () => Date;
}

/** The agent: one turn is asking the model and running the tools it calls, until it is done. */
export function createAgent(_parts: AgentParts): TurnRunner {
	const usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
	return {
		run: async () => ({ ok: false, code: "unavailable", message: "The agent is not there yet.", usage }),
		title: async () => null,
		summarize: async () => null,
	};
}
