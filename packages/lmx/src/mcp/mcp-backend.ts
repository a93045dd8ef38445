import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { Logger } from "pino";
import type { AnswerListener, Call, InferenceBackend, ModelProvider, RunningAnswer } from "../serving/backend.ts";
import { McpConversation } from "./mcp-conversation.ts";
import type { McpServers } from "./mcp-servers.ts";

const nothingRuns: RunningAnswer = { cancel: () => undefined };

/** What the bridge works with. */
export interface McpBridgeParts {
	readonly servers: McpServers;
	readonly logger: Logger;
}

/** The same model, which calls tools of MCP servers where a chat names one; other requests go through untouched. */
export function mcpBackend(backend: InferenceBackend, { servers, logger }: McpBridgeParts): InferenceBackend {
	return {
		get facts() {
			return backend.facts;
		},
		chat(request: ChatRequest, call: Call, listener: AnswerListener): RunningAnswer {
			if (request.tools?.some(({ type }) => type === "mcp") !== true) {
				return backend.chat(request, call, listener);
			}
			if ((request.n ?? 1) > 1) {
				listener.onError({ code: "invalid_request", message: 'With MCP tools there is one answer. Remove "n".', param: "n" });
				return nothingRuns;
			}
			const conversation = new McpConversation({ backend, servers, logger }, request, call, listener);
			conversation.begin().catch((error: unknown) => {
				logger.error({ err: error, requestId: call.requestId }, "the MCP loop failed");
				listener.onError({ code: "internal", message: "The calls of MCP tools failed. The log of LMX says why." });
			});
			return conversation;
		},
		complete: (...args) => backend.complete(...args),
		tokenize: (...args) => backend.tokenize(...args),
		detokenize: (...args) => backend.detokenize(...args),
		renderPrompt: (...args) => backend.renderPrompt(...args),
		embed: (...args) => backend.embed(...args),
		rerank: (...args) => backend.rerank(...args),
	};
}

/** Hands out the same models with MCP tools. */
export function mcpProvider(provider: ModelProvider, parts: McpBridgeParts): ModelProvider {
	return {
		async acquire(wish) {
			const held = await provider.acquire(wish);
			if (!held.ok) {
				return held;
			}
			const { modelId, backend, defaults, release } = held.value;
			return { ok: true, value: { modelId, backend: mcpBackend(backend, parts), defaults, release } };
		},
	};
}
