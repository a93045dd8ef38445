import type { FastifyPluginCallback } from "fastify";
import type { Registry } from "prom-client";

/** `GET /metrics`: everything that is counted, in Prometheus' text format. */
export function metricsRoute(registry: Registry): FastifyPluginCallback {
	return (app, _options, done) => {
		app.get("/metrics", async (_request, reply) => reply.header("content-type", registry.contentType).send(await registry.metrics()));
		done();
	};
}
