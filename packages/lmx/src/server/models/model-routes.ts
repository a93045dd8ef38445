import { modelEntrySchema, modelListSchema } from "@opta/contracts/schema/lmx-models";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { sendError } from "../send-error.ts";
import { listModels, type ServerState } from "../server-state.ts";

const tags = ["Models"];

/** `GET /v1/models` and `GET /v1/models/:id` (OpenAI API reference, models). An id may have slashes in it. */
export function modelRoutes(state: ServerState): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.get("/v1/models", { schema: { tags, summary: "Models of this host, loaded or not", response: { 200: modelListSchema } } }, () =>
			listModels(state),
		);
		app.get(
			"/v1/models/*",
			{ schema: { tags, summary: "One model by its id", params: z.object({ "*": z.string() }), response: { 200: modelEntrySchema } } },
			async (request, reply) => {
				const id = request.params["*"];
				const known = state.library.find(id)?.id ?? id;
				const entry = listModels(state).data.find((each) => each.id === known);
				return entry ?? sendError(reply, { code: "model_not_found", message: state.library.explainMissing(id), param: "model" });
			},
		);
		done();
	};
}
