import { rerankRequestSchema, rerankResponseSchema } from "@opta/contracts/schema/lmx-rerank";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { v7 as uuid } from "uuid";
import type { ModelProvider } from "../../serving/backend.ts";
import { askForModel } from "../ask-model.ts";
import { sendError } from "../send-error.ts";

/** `POST /v1/rerank` in the shape of Jina and Cohere, and `/rerank`, where users of llama-server look for it. */
export function rerankRoutes(models: ModelProvider): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		for (const url of ["/v1/rerank", "/rerank"]) {
			app.post(
				url,
				{
					schema: {
						tags: ["Vectors"],
						summary: "Documents by how well they answer a query",
						hide: !url.startsWith("/v1"),
						body: rerankRequestSchema,
						response: { 200: rerankResponseSchema },
					},
				},
				async (request, reply) => {
					const { query, top_n: limit, return_documents: returnsDocuments } = request.body;
					const asked = await askForModel(models, request, reply, request.body);
					if (asked === null) {
						return reply;
					}
					const { backend, modelId, release } = asked.lease;
					if (!backend.facts.reranks) {
						release();
						const message = `The model "${modelId}" is no reranker. Name one that is; GET /v1/models lists the models.`;
						return sendError(reply, { code: "invalid_request", message, param: "model" });
					}
					const documents = request.body.documents.map((document) => (typeof document === "string" ? document : document.text));
					const answer = await backend.rerank(query, documents, asked.gone).finally(release);
					if (!answer.ok) {
						return sendError(reply, answer.error);
					}
					const { scores, promptTokens } = answer.value;
					const ranked = documents
						.map((text, index) => ({
							index,
							relevance_score: scores[index] ?? 0,
							...(returnsDocuments === true ? { document: { text } } : {}),
						}))
						.sort((one, other) => other.relevance_score - one.relevance_score);
					return {
						id: `rerank-${uuid().replaceAll("-", "")}`,
						object: "list" as const,
						model: modelId,
						results: ranked.slice(0, limit ?? ranked.length),
						usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
					};
				},
			);
		}
		done();
	};
}
