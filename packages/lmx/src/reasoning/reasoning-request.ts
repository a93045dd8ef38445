import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { Answer } from "../serving/backend.ts";

/** What a chat says of thinking. */
export interface ReasoningRequest {
	/** Most tokens of the thinking part; null: no limit. */
	readonly budgetTokens: number | null;
	/** For the chat template: `enable_thinking` (Qwen 3 and others), `reasoning_effort` (gpt-oss and others). */
	readonly templateVariables: Readonly<Record<string, unknown>>;
}

/** Budgets of the efforts; high has none of its own. */
const effortBudgets = { none: 0, minimal: 256, low: 1024, medium: 8192, high: null } as const;

/** Reads how long a model shall think. A model that does not think takes only what asks for no thinking. */
export function readReasoningRequest(
	{ reasoning_effort: effort, reasoning_budget_tokens: budget }: ChatRequest,
	thinks: boolean,
): Answer<ReasoningRequest> {
	if (!thinks) {
		const param =
			effort != null && effort !== "none" ? "reasoning_effort" : budget != null && budget > 0 ? "reasoning_budget_tokens" : null;
		if (param !== null) {
			const message = `This model does not think before it answers. Remove "${param}", or choose a model that thinks.`;
			return { ok: false, error: { code: "unsupported_parameter", message, param } };
		}
		return { ok: true, value: { budgetTokens: null, templateVariables: {} } };
	}
	const budgetTokens = budget ?? (effort == null ? null : effortBudgets[effort]);
	const templateVariables = {
		...(budgetTokens === 0 ? { enable_thinking: false } : effort == null && budget == null ? {} : { enable_thinking: true }),
		...(effort == null || effort === "none" ? {} : { reasoning_effort: effort === "minimal" ? "low" : effort }),
	};
	return { ok: true, value: { budgetTokens, templateVariables } };
}
