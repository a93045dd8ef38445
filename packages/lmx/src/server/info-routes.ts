import { totalmem } from "node:os";
import { api, build } from "@opta/contracts/build";
import { type ModelList, modelListSchema } from "@opta/contracts/schema/lmx-models";
import { type Health, healthSchema, type LmxStatus, lmxStatusSchema } from "@opta/contracts/schema/lmx-status";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import type { ModelSet } from "./model-set.ts";

const bytesPerGb = 1024 ** 3;

/** Main memory as this process may use it: a container's limit counts, not the machine's size. */
function memory(): { totalBytes: number; availableBytes: number } {
	const limit = process.constrainedMemory();
	const totalBytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
	return { totalBytes, availableBytes: Math.min(process.availableMemory(), totalBytes) };
}

function statusOf(models: ModelSet): LmxStatus {
	const { totalBytes, availableBytes } = memory();
	const states = models.map(({ supervisor }) => supervisor.status());
	const sum = (values: readonly (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);
	return {
		memory: {
			available_gb: Math.round((availableBytes / bytesPerGb) * 10) / 10,
			used_percent: Math.round((1 - availableBytes / totalBytes) * 1000) / 10,
			loaded_models: states.filter(({ state }) => state === "ready").map(({ id }) => id),
			base: process.platform === "darwin" && process.arch === "arm64" ? "unified" : "ram",
			totalBytes,
			availableBytes,
		},
		performance: {
			avg_tokens_per_sec: Math.round(sum(states.map(({ tokensPerSecond }) => tokensPerSecond)) * 10) / 10,
			concurrent_requests: sum(states.map(({ activeRequests }) => activeRequests)),
			queuedRequests: sum(states.map(({ queuedRequests }) => queuedRequests)),
		},
		models: states,
		build,
		api,
		uptimeMs: Math.round(process.uptime() * 1000),
	};
}

function listOf(models: ModelSet): ModelList {
	return {
		object: "list",
		data: models.map(({ source, supervisor }) => ({
			id: source.id,
			object: "model",
			created: Math.floor(source.modifiedAt.getTime() / 1000),
			owned_by: "opta-local",
			opta: {
				title: source.title,
				state: supervisor.state,
				defaultSystemPrompt: source.defaultSystemPrompt,
				contextTokens: supervisor.contextTokens,
				fileBytes: source.fileBytes,
				licence: source.licence,
			},
		})),
	};
}

/** Healthy when every model answers and makes progress; `starting` while one is loaded for the first time. */
function readiness(models: ModelSet): Health {
	const problem = models.find(({ supervisor }) => supervisor.unhealthyReason() !== null)?.supervisor;
	if (problem === undefined) {
		return { status: "ok", build, api };
	}
	const isStarting = problem.state === "loading" || problem.state === "unloaded";
	return { status: isStarting ? "starting" : "unhealthy", reason: problem.unhealthyReason() ?? "", build, api };
}

/** The routes that tell about this server. */
export function infoRoutes(models: ModelSet): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.get("/healthz", { schema: { response: { 200: healthSchema } } }, () => ({ status: "ok" as const, build, api }));
		app.get("/readyz", { schema: { response: { 200: healthSchema, 503: healthSchema } } }, async (_request, reply) => {
			const health = readiness(models);
			reply.code(health.status === "ok" ? 200 : 503);
			return health;
		});
		app.get("/v1/models", { schema: { response: { 200: modelListSchema } } }, () => listOf(models));
		app.get("/admin/status", { schema: { response: { 200: lmxStatusSchema } } }, () => statusOf(models));
		done();
	};
}
