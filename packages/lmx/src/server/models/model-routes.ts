import { modelEntrySchema, modelListSchema } from "@opta/contracts/schema/lmx-models";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { OpenModels } from "../../open-models.ts";
import { sendError } from "../send-error.ts";
import { type ListedModels, listModels } from "./list-models.ts";

const tags = ["Models"];

/** `GET /v1/models` and `GET /v1/models/:id` (OpenAI API reference, models). An id may have slashes in it. */
export function modelRoutes(models: ListedModels & Pick<OpenModels, "explainUnknown">): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.get(
			"/v1/models",
			{ schema: { tags, summary: "Models of this host, loaded or not, and presets", response: { 200: modelListSchema } } },
			() => listModels(models),
		);
		app.get(
			"/v1/models/*",
			{
				schema: {
					tags,
					summary: "One model or preset by its id",
					params: z.object({ "*": z.string() }),
					response: { 200: modelEntrySchema },
				},
			},
			async (request, reply) => {
				const id = request.params["*"];
				const entry = listModels(models).data.find((each) => each.id.toLowerCase() === id.toLowerCase());
				return entry ?? sendError(reply, { code: "model_not_found", message: models.explainUnknown(id), param: "model" });
			},
		);
		done();
	};
}
