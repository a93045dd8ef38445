import type { FastifyPluginCallback } from "fastify";
import type { Registry } from "prom-client";

/** `GET /metrics`: everything that is counted, in Prometheus' text format. */
export function metricsRoute(registry: Registry): FastifyPluginCallback {
	return (app, _options, done) => {
		app.get("/metrics", { schema: { summary: "Everything that is counted, for Prometheus" } }, async (_request, reply) =>
			reply.header("content-type", registry.contentType).send(await registry.metrics()),
		);
		done();
	};
}
