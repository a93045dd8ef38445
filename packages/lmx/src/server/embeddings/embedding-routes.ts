import { type EmbeddingRequest, embeddingRequestSchema, embeddingResponseSchema } from "@opta/contracts/schema/lmx-embeddings";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import type { AnswerError, ModelProvider } from "../../serving/backend.ts";
import { askForModel } from "../ask-model.ts";
import { sendError } from "../send-error.ts";
import { shortenVector, vectorToBase64 } from "./shape-vector.ts";

/** The inputs one by one: a list of numbers is one text. */
export function inputsOf(input: EmbeddingRequest["input"]): readonly (string | readonly number[])[] {
	if (typeof input === "string") {
		return [input];
	}
	return typeof input[0] === "number" ? [input as number[]] : (input as string[] | number[][]);
}

function tooManyDimensions(model: string, asked: number, has: number): AnswerError {
	const message = `The vectors of the model "${model}" have ${has} dimensions, so ${asked} cannot be given. Ask for ${has} or fewer.`;
	return { code: "invalid_request", message, param: "dimensions", details: { dimensions: has } };
}

/** `POST /v1/embeddings` (OpenAI API reference, embeddings), and `/embeddings`, where users of llama-server look for it. */
export function embeddingRoutes(models: ModelProvider): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		for (const url of ["/v1/embeddings", "/embeddings"]) {
			app.post(
				url,
				{
					schema: {
						tags: ["Vectors"],
						summary: "Texts to vectors",
						hide: !url.startsWith("/v1"),
						body: embeddingRequestSchema,
						response: { 200: embeddingResponseSchema },
					},
				},
				async (request, reply) => {
					const { input, dimensions, encoding_format: format } = request.body;
					const asked = await askForModel(models, request, reply, request.body);
					if (asked === null) {
						return reply;
					}
					const { backend, modelId, release } = asked.lease;
					if (!backend.facts.embeds) {
						release();
						const message = `The model "${modelId}" makes no embeddings. Name one that does; GET /v1/models lists them.`;
						return sendError(reply, { code: "invalid_request", message, param: "model" });
					}
					const answer = await backend.embed(inputsOf(input), asked.gone).finally(release);
					if (!answer.ok) {
						return sendError(reply, answer.error);
					}
					const { vectors, promptTokens } = answer.value;
					const has = vectors[0]?.length ?? 0;
					if (dimensions != null && dimensions > has) {
						return sendError(reply, tooManyDimensions(modelId, dimensions, has));
					}
					const shaped = vectors.map((vector) => shortenVector(vector, dimensions ?? null));
					return {
						object: "list" as const,
						data: shaped.map((vector, index) => ({
							object: "embedding" as const,
							index,
							embedding: format === "base64" ? vectorToBase64(vector) : [...vector],
						})),
						model: modelId,
						usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
					};
				},
			);
		}
		done();
	};
}
