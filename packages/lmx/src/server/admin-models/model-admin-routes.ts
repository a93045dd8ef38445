import {
	adminModelListSchema,
	modelDeletedSchema,
	modelDeleteQuerySchema,
	modelEstimateSchema,
	modelLoadRequestSchema,
	modelTransitionSchema,
	modelUnloadRequestSchema,
	waitQuerySchema,
} from "@opta/contracts/schema/lmx-admin-models";
import type { FastifyReply } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { FolderLibrary } from "../../library/folder-library.ts";
import type { InstalledModel } from "../../library/installed-model.ts";
import type { MemoryPredictor } from "../../memory/memory-predictor.ts";
import type { LoadOptions } from "../../serving/load-options.ts";
import type { ModelPool } from "../../serving/model-pool.ts";
import { describeResident } from "../describe-loaded.ts";
import { sendError } from "../send-error.ts";
import { stateOf } from "../server-state.ts";
import { describeEstimate, describeModel } from "./describe-model.ts";
import { loadOptionsOf } from "./load-wish.ts";

/** What the routes of the models work on. */
export interface ModelAdminParts {
	readonly pool: ModelPool;
	readonly library: FolderLibrary;
	readonly predict: MemoryPredictor;
	readonly defaultModel: () => string;
	/** How a model is run when nobody says otherwise. */
	readonly usualOptions: (modelId: string) => LoadOptions;
}

const tags = ["Models"];

/** Load, unload, list, estimate and delete the models of this machine. */
export function modelAdminRoutes({ pool, library, predict, defaultModel, usualOptions }: ModelAdminParts): FastifyPluginCallbackZod {
	/** A load that was asked for goes on when whoever asked leaves. */
	const never = new AbortController().signal;

	function sendUnknown(reply: FastifyReply, id: string): FastifyReply {
		return sendError(reply, { code: "model_not_found", message: library.explainMissing(id), param: "model" });
	}

	function transition(id: string): z.output<typeof modelTransitionSchema> {
		const resident = pool.find(id);
		return { model: id, state: stateOf(pool, id), loaded: resident === undefined ? null : describeResident(resident) };
	}

	async function predictedBytes(model: InstalledModel): Promise<number | null> {
		const resident = pool.find(model.id);
		const prediction = resident?.prediction ?? (await predict(model, usualOptions(model.id)).catch(() => null));
		return prediction?.totalBytes ?? null;
	}

	return (app, _options, done) => {
		app.get(
			"/admin/models",
			{ schema: { tags, summary: "Models of this machine, loaded or on disk", response: { 200: adminModelListSchema } } },
			async () => {
				const isDefault = (model: InstalledModel): boolean => model.id === defaultModel().toLowerCase();
				const models = library
					.list()
					.map(async (model) => describeModel(model, pool, { isDefault: isDefault(model), predictedBytes: await predictedBytes(model) }));
				return { models: await Promise.all(models), problems: [...library.problems] };
			},
		);
		app.post(
			"/admin/models/load",
			{
				schema: {
					tags,
					summary: "Load a model, or change how it is run",
					body: modelLoadRequestSchema,
					querystring: waitQuerySchema,
					response: { 200: modelTransitionSchema, 202: modelTransitionSchema },
				},
			},
			async (request, reply) => {
				const { body, query } = request;
				const model = library.find(body.model);
				if (model === undefined) {
					return sendUnknown(reply, body.model);
				}
				if (body.draft != null && library.find(body.draft) === undefined) {
					return sendError(reply, { code: "model_not_found", message: library.explainMissing(body.draft), param: "draft" });
				}
				const started = await pool.load(model, loadOptionsOf(body, usualOptions(model.id)), never);
				if (!started.ok) {
					return sendError(reply, started.error);
				}
				if (!query.wait) {
					return reply.code(202).send(transition(model.id));
				}
				const problem = await started.value.loaded;
				return problem === null ? transition(model.id) : sendError(reply, problem);
			},
		);
		app.post(
			"/admin/models/estimate",
			{
				schema: { tags, summary: "What a model would take", body: modelLoadRequestSchema, response: { 200: modelEstimateSchema } },
			},
			async (request, reply) => {
				const { body } = request;
				const model = library.find(body.model);
				return model === undefined
					? sendUnknown(reply, body.model)
					: describeEstimate(model.id, await predict(model, loadOptionsOf(body, usualOptions(model.id))), pool);
			},
		);
		app.post(
			"/admin/models/unload",
			{
				schema: {
					tags,
					summary: "Unload a model",
					body: modelUnloadRequestSchema,
					querystring: waitQuerySchema,
					response: { 200: modelTransitionSchema, 202: modelTransitionSchema },
				},
			},
			async (request, reply) => {
				const { body, query } = request;
				const id = library.find(body.model)?.id ?? pool.find(body.model)?.model.id;
				if (id === undefined) {
					return sendUnknown(reply, body.model);
				}
				const gone = pool.unload(id, body.mode);
				if (query.wait || body.mode === "now") {
					await gone;
					return transition(id);
				}
				return reply.code(202).send(transition(id));
			},
		);
		app.delete(
			"/admin/models/:id",
			{
				schema: {
					tags,
					summary: "Delete a model from the disk",
					params: z.object({ id: z.string().max(128) }),
					querystring: modelDeleteQuerySchema,
					response: { 200: modelDeletedSchema },
				},
			},
			async (request, reply) => {
				const { id } = request.params;
				const { force } = request.query;
				if (pool.isBusy(library.find(id)?.id ?? id) && !force) {
					const message = `The model ${id} is answering somebody. Unload it first, or add ?force=true to end its answers.`;
					return sendError(reply, { code: "conflict", message, param: "id" });
				}
				const model = library.find(id);
				if (model?.source === "installed") {
					await pool.unload(model.id, "now");
				}
				const removed = await library.remove(id);
				return removed.ok ? { model: id, freedBytes: removed.value.freedBytes } : sendError(reply, removed.error);
			},
		);
		done();
	};
}
