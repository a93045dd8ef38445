import { api, build } from "@opta/contracts/build";
import { healthSchema, lmxStatusSchema } from "@opta/contracts/schema/lmx-status";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { readiness, type ServerState, statusOf } from "./server-state.ts";

/** The routes that tell about this server. */
export function infoRoutes(state: ServerState): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.get("/healthz", { schema: { summary: "This process runs", response: { 200: healthSchema } } }, () => ({
			status: "ok" as const,
			build,
			api,
		}));
		for (const path of ["/readyz", "/admin/health"]) {
			app.get(
				path,
				{
					schema: {
						summary: "A request would be answered now, or once the default model is loaded",
						response: { 200: healthSchema, 503: healthSchema },
					},
				},
				async (_request, reply) => {
					const health = readiness(state);
					reply.code(health.status === "ok" ? 200 : 503);
					return health;
				},
			);
		}
		app.get("/admin/status", { schema: { summary: "Memory, loaded models, speed and queue", response: { 200: lmxStatusSchema } } }, () =>
			statusOf(state),
		);
		done();
	};
}
