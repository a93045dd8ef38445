import {
	applyTemplateRequestSchema,
	applyTemplateResponseSchema,
	detokenizeRequestSchema,
	detokenizeResponseSchema,
	tokenizeRequestSchema,
	tokenizeResponseSchema,
} from "@opta/contracts/schema/lmx-tokenize";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import type { ModelProvider } from "../../serving/backend.ts";
import { withDefaults } from "../../serving/request-defaults.ts";
import { askForModel } from "../ask-model.ts";
import { sendError } from "../send-error.ts";

const tags = ["Tokens"];

/** `POST /tokenize`, `/detokenize` and `/apply-template`, in the shapes of llama-server; `model` can be named. */
export function tokenizationRoutes(models: ModelProvider): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.post(
			"/tokenize",
			{ schema: { tags, summary: "Text to token ids", body: tokenizeRequestSchema, response: { 200: tokenizeResponseSchema } } },
			async (request, reply) => {
				const { body } = request;
				const asked = await askForModel(models, request, reply, body);
				if (asked === null) {
					return reply;
				}
				const { backend, release } = asked.lease;
				const options = { special: body.parse_special ?? true, begin: body.add_special ?? false };
				const answer = await backend.tokenize(body.content, options).finally(release);
				if (!answer.ok) {
					return sendError(reply, answer.error);
				}
				const { tokens, pieces } = answer.value;
				return { tokens: body.with_pieces === true ? tokens.map((id, index) => ({ id, piece: pieces[index] ?? "" })) : [...tokens] };
			},
		);
		app.post(
			"/detokenize",
			{ schema: { tags, summary: "Token ids to text", body: detokenizeRequestSchema, response: { 200: detokenizeResponseSchema } } },
			async (request, reply) => {
				const asked = await askForModel(models, request, reply, request.body);
				if (asked === null) {
					return reply;
				}
				const { backend, release } = asked.lease;
				const answer = await backend.detokenize(request.body.tokens).finally(release);
				return answer.ok ? { content: answer.value.text } : sendError(reply, answer.error);
			},
		);
		app.post(
			"/apply-template",
			{
				schema: {
					tags,
					summary: "The prompt that a chat makes",
					body: applyTemplateRequestSchema,
					response: { 200: applyTemplateResponseSchema },
				},
			},
			async (request, reply) => {
				const asked = await askForModel(models, request, reply, request.body);
				if (asked === null) {
					return reply;
				}
				const { backend, defaults, release } = asked.lease;
				const { messages, tools, chat_template_kwargs: variables } = request.body;
				const chat = withDefaults({ messages }, defaults);
				const answer = await backend.renderPrompt(chat.messages, tools ?? null, variables ?? {}).finally(release);
				return answer.ok ? { prompt: answer.value.text, prompt_tokens: answer.value.tokens } : sendError(reply, answer.error);
			},
		);
		done();
	};
}
