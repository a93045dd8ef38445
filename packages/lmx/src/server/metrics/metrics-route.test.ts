import { Registry } from "prom-client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { EventBus } from "../../events/event-bus.ts";
import { countEvents } from "../../metrics/event-metrics.ts";
import { countRequests } from "../../metrics/http-metrics.ts";
import { type ModelFigures, showModels } from "../../metrics/model-metrics.ts";
import { showProcess } from "../../metrics/process-metrics.ts";
import { type RouteServer, startRouteServer } from "../../testing/route-server.ts";
import { metricsRoute } from "./metrics-route.ts";

let server: RouteServer;
let bus: EventBus;
let models: ModelFigures[];

beforeEach(async () => {
	bus = new EventBus();
	models = [];
	const registry = new Registry();
	showModels(registry, () => models);
	showProcess(registry);
	countEvents(registry, bus);
	const routes = Object.assign(
		(app: Parameters<typeof countRequests>[0], _options: unknown, done: () => void) => {
			countRequests(app, registry);
			app.get("/things/:id", () => "thing");
			done();
		},
		{ [Symbol.for("skip-override")]: true },
	);
	server = await startRouteServer(routes, metricsRoute(registry));
});

afterEach(() => server.close());

async function lines(): Promise<string[]> {
	const response = await server.ask("/metrics");
	expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
	return (await response.text()).split("\n");
}

it("counts requests by pattern, however many paths are asked for", async () => {
	for (const path of ["/things/1", "/things/2", "/nowhere/1", "/nowhere/2"]) {
		await (await server.ask(path)).text();
	}
	const page = await lines();
	expect(page).toContain('lmx_http_requests_total{route="/things/:id",method="GET",status="200"} 2');
	expect(page).toContain('lmx_http_requests_total{route="none",method="GET",status="404"} 2');
	expect(page.join()).not.toContain("nowhere");
});

it("shows the models that are loaded now, and forgets them when they are not", async () => {
	const status: ModelFigures["status"] = {
		contextTokens: 2048,
		sequences: 8,
		threads: 2,
		ramBytes: 300,
		modelBytes: 210,
		activeRequests: 3,
		queuedRequests: 1,
		tokensPerSecond: 200.5,
		promptTokensPerSecond: null,
		expectedWaitMs: null,
		steps: { generating: 10, answers: 39, promptTokens: 5, decodeMs: 900, workMs: 1000 },
		restarts: 0,
		loadedAt: null,
	};
	models = [{ id: "a", state: "ready", predictedBytes: 200, status }];
	const page = await lines();
	for (const line of [
		'lmx_model_state{model="a",state="ready"} 1',
		'lmx_model_state{model="a",state="failed"} 0',
		'lmx_requests_active{model="a"} 3',
		'lmx_requests_queued{model="a"} 1',
		'lmx_tokens_per_second{model="a"} 200.5',
		'lmx_model_memory_predicted_bytes{model="a"} 200',
		'lmx_model_memory_bytes{model="a"} 210',
		'lmx_batch_occupancy{model="a"} 3.9',
		'lmx_decode_seconds_total{model="a"} 0.9',
	]) {
		expect(page).toContain(line);
	}
	expect(page.join()).not.toContain("lmx_prompt_tokens_per_second{");
	models = [];
	expect((await lines()).join()).not.toContain('model="a"');
});

it("counts what happens to models and jobs", async () => {
	bus.publish({ type: "model.evicted", model: "a", reason: "memory", freedBytes: 1 });
	bus.publish({ type: "model.crashed", model: "a", reason: "gone", restartInMs: 250 });
	bus.publish({ type: "model.crashed", model: "a", reason: "gone", restartInMs: null });
	const job = {
		kind: "download",
		model: "a",
		doneBytes: null,
		totalBytes: null,
		bytesPerSecond: null,
		etaMs: null,
		fraction: null,
		message: null,
	} as const;
	bus.publish({ type: "job.updated", job: "1", state: "running", ...job });
	bus.publish({ type: "job.updated", job: "2", state: "running", ...job });
	bus.publish({ type: "job.updated", job: "2", state: "failed", ...job });
	const page = await lines();
	for (const line of [
		'lmx_model_evictions_total{model="a",reason="memory"} 1',
		'lmx_model_crashes_total{model="a"} 2',
		'lmx_model_restarts_total{model="a"} 1',
		'lmx_jobs_open{kind="download"} 1',
		'lmx_jobs_total{kind="download",state="failed"} 1',
	]) {
		expect(page).toContain(line);
	}
});
