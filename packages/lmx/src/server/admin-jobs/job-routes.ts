import type { JobKind } from "@opta/contracts/schema/lmx-events";
import {
	benchJobSchema,
	benchListSchema,
	benchRequestSchema,
	downloadJobSchema,
	downloadListSchema,
	downloadRequestSchema,
	oldDownloadQuerySchema,
	quantizeJobSchema,
	quantizeListSchema,
	quantizeRequestSchema,
} from "@opta/contracts/schema/lmx-jobs";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { JobOf } from "../../jobs/job-kind.ts";
import type { JobRunner } from "../../jobs/job-runner.ts";
import type { Answer } from "../../serving/backend.ts";
import { sendError } from "../send-error.ts";

/** Checks what is asked for and makes a job of it, or says why not. */
export type StartJob<K extends JobKind> = (request: JobOf<K>["request"]) => Promise<Answer<JobOf<K>>>;

/** What the routes of jobs work on. */
export interface JobRoutesParts {
	readonly jobs: JobRunner;
	readonly startDownload: StartJob<"download">;
	readonly startQuantize: StartJob<"quantize">;
	readonly startBench: StartJob<"bench">;
}

const idSchema = z.object({ id: z.string().max(64) });
const filterSchema = z.strictObject({ model: z.string().max(128).optional() });

interface KindRoutes<K extends JobKind> {
	readonly path: string;
	readonly kind: K;
	readonly request: z.ZodType;
	readonly job: z.ZodType;
	readonly list: z.ZodType;
	readonly start: StartJob<K>;
}

function sendJob(reply: FastifyReply, answer: Answer<unknown>, status: 200 | 202): FastifyReply {
	return answer.ok ? reply.code(status).send(answer.value) : sendError(reply, answer.error);
}

function registerKind<K extends JobKind>(app: FastifyInstance, jobs: JobRunner, routes: KindRoutes<K>): void {
	const { path, kind, request: body, job, list, start } = routes;
	app.get(
		path,
		{ schema: { summary: `List the jobs of this kind: ${kind}`, querystring: filterSchema, response: { 200: list } } },
		(request) => {
			const { model } = request.query as z.infer<typeof filterSchema>;
			return { jobs: jobs.list(kind).filter((each) => model === undefined || each.model === model) };
		},
	);
	app.post(path, { schema: { summary: `Start a job: ${kind}`, body, response: { 202: job } } }, async (request, reply) =>
		sendJob(reply, await start(request.body as JobOf<K>["request"]), 202),
	);
	app.get(`${path}/:id`, { schema: { summary: `One job: ${kind}`, params: idSchema, response: { 200: job } } }, (request, reply) => {
		const { id } = request.params as z.infer<typeof idSchema>;
		const found = jobs.get(kind, id);
		return found === undefined
			? sendError(reply, { code: "not_found", message: `There is no such job (${id}). ${path} lists those that are kept.` })
			: reply.send(found);
	});
	for (const action of ["pause", "resume", "cancel"] as const) {
		app.post(
			`${path}/:id/${action}`,
			{ schema: { summary: `${action} a job: ${kind}`, params: idSchema, response: { 200: job } } },
			async (request, reply) => sendJob(reply, await jobs[action](kind, (request.params as z.infer<typeof idSchema>).id), 200),
		);
	}
}

/** Downloads, quantisations and benches: start, list, look, pause, go on, cancel. Progress is told by `GET /admin/events`. */
export function jobRoutes({ jobs, startDownload, startQuantize, startBench }: JobRoutesParts): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		registerKind(app, jobs, {
			path: "/admin/downloads",
			kind: "download",
			request: downloadRequestSchema,
			job: downloadJobSchema,
			list: downloadListSchema,
			start: startDownload,
		});
		registerKind(app, jobs, {
			path: "/admin/quantize",
			kind: "quantize",
			request: quantizeRequestSchema,
			job: quantizeJobSchema,
			list: quantizeListSchema,
			start: startQuantize,
		});
		registerKind(app, jobs, {
			path: "/admin/bench",
			kind: "bench",
			request: benchRequestSchema,
			job: benchJobSchema,
			list: benchListSchema,
			start: startBench,
		});
		app.post(
			"/admin/models/download",
			{ schema: { summary: "Download a model", body: downloadRequestSchema, response: { 202: downloadJobSchema } } },
			async (request, reply) => sendJob(reply, await startDownload(request.body), 202),
		);
		app.post(
			"/admin/model/download",
			{
				schema: { summary: "Download a model (older spelling)", querystring: oldDownloadQuerySchema, response: { 202: downloadJobSchema } },
			},
			async (request, reply) => sendJob(reply, await startDownload({ model: request.query.model_id }), 202),
		);
		done();
	};
}
