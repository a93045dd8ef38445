import type { FastifyInstance } from "fastify";
import { Counter, Histogram, type Registry } from "prom-client";

/** Counts requests by route pattern, method and status, and times them to the end of the answer. Paths that no route has share one name. */
export function countRequests(app: FastifyInstance, registry: Registry): void {
	const requests = new Counter({
		name: "lmx_http_requests_total",
		help: "HTTP requests by route, method and status.",
		labelNames: ["route", "method", "status"],
		registers: [registry],
	});
	const seconds = new Histogram({
		name: "lmx_http_request_seconds",
		help: "Time from the head of a request to the end of its answer.",
		labelNames: ["route"],
		buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300],
		registers: [registry],
	});
	app.addHook("onResponse", (request, reply, done) => {
		const route = request.is404 ? "none" : (request.routeOptions.url ?? "none");
		requests.inc({ route, method: request.method, status: reply.statusCode });
		seconds.observe({ route }, reply.elapsedTime / 1000);
		done();
	});
}
