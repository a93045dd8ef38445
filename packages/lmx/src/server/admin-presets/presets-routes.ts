import {
	type Preset,
	type PresetEntry,
	presetBodySchema,
	presetEntrySchema,
	presetListSchema,
	presetNameSchema,
} from "@opta/contracts/schema/lmx-presets";
import type { FastifyReply } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { type ModelNames, presetProblem } from "../../presets/find-preset.ts";
import type { PresetProblem, PresetStore } from "../../presets/preset-store.ts";
import { sendError } from "../send-error.ts";

/** What the routes need. */
export interface PresetsRoutesParts extends ModelNames {
	readonly store: PresetStore;
}

function sendProblem(reply: FastifyReply, problem: PresetProblem): FastifyReply {
	return problem === "too_many"
		? sendError(reply, { code: "conflict", message: "There are too many presets. Delete one that is not used." })
		: sendError(reply, { code: "unavailable", message: `The presets could not be saved, and are as before: ${problem.writeFailed}` });
}

/** `/admin/presets`: named parameter sets and system prompts that requests use like models. */
export function presetsRoutes({ store, ...names }: PresetsRoutesParts): FastifyPluginCallbackZod {
	const entryOf = (preset: Preset): PresetEntry => ({
		...preset,
		problem: presetProblem(preset.name, preset, names)?.message ?? null,
	});
	const sendMissing = (reply: FastifyReply, name: string): FastifyReply =>
		sendError(reply, { code: "not_found", message: `There is no preset "${name}". GET /admin/presets lists them.` });

	return (app, _options, done) => {
		const params = z.object({ name: presetNameSchema });
		app.get(
			"/admin/presets",
			{ schema: { summary: "Named parameter sets and system prompts", response: { 200: presetListSchema } } },
			() => ({ presets: store.list().map(entryOf) }),
		);
		app.get(
			"/admin/presets/:name",
			{ schema: { summary: "One preset", params, response: { 200: presetEntrySchema } } },
			async (request, reply) => {
				const { name } = request.params;
				const preset = store.find(name);
				return preset === undefined ? sendMissing(reply, name) : entryOf(preset);
			},
		);
		app.put(
			"/admin/presets/:name",
			{
				schema: {
					summary: "Make or replace a preset",
					params,
					body: presetBodySchema,
					response: { 200: presetEntrySchema, 201: presetEntrySchema },
				},
			},
			async (request, reply) => {
				const { name } = request.params;
				const fault = presetProblem(name, request.body, names);
				if (fault !== null) {
					return sendError(reply, { code: fault.param === "name" ? "conflict" : "invalid_request", ...fault });
				}
				const isNew = store.find(name) === undefined;
				const problem = await store.put(name, request.body);
				if (problem !== null) {
					return sendProblem(reply, problem);
				}
				request.log.info({ preset: name }, "preset saved");
				const saved = store.find(name);
				return saved === undefined ? sendMissing(reply, name) : reply.code(isNew ? 201 : 200).send(entryOf(saved));
			},
		);
		app.delete(
			"/admin/presets/:name",
			{ schema: { summary: "Delete a preset", params, response: { 204: z.null() } } },
			async (request, reply) => {
				const { name } = request.params;
				if (store.find(name) === undefined) {
					return sendMissing(reply, name);
				}
				const problem = await store.remove(name);
				if (problem !== null) {
					return sendProblem(reply, problem);
				}
				request.log.info({ preset: name }, "preset deleted");
				return reply.code(204).send(null);
			},
		);
		done();
	};
}
