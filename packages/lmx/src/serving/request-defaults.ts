import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { RequestDefaults } from "./backend.ts";

const systemRoles: readonly string[] = ["system", "developer"];

/** Fills a chat with what its model or preset sets: parameters that the request does not name, and the system prompt where it brings none. */
export function withDefaults(request: ChatRequest, { systemPrompt, parameters }: RequestDefaults): ChatRequest {
	const named = Object.entries(request).filter(([, value]) => value !== null && value !== undefined);
	const filled: ChatRequest = { ...parameters, ...Object.fromEntries(named), messages: request.messages };
	if (systemPrompt === null || request.messages.some(({ role }) => systemRoles.includes(role))) {
		return filled;
	}
	return { ...filled, messages: [{ role: "system", content: systemPrompt }, ...request.messages] };
}
