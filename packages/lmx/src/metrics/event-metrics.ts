import { Counter, Gauge, type Registry } from "prom-client";
import type { EventBus } from "../events/event-bus.ts";

/** Counts what happens to models and jobs. Only kinds and reasons of the contract, and names of models, become labels. */
export function countEvents(registry: Registry, bus: EventBus): void {
	const registers = [registry];
	const evictions = new Counter({
		name: "lmx_model_evictions_total",
		help: "Models that were unloaded, by reason.",
		labelNames: ["model", "reason"],
		registers,
	});
	const crashes = new Counter({
		name: "lmx_model_crashes_total",
		help: "Ends of a model's process that nobody asked for.",
		labelNames: ["model"],
		registers,
	});
	const restarts = new Counter({
		name: "lmx_model_restarts_total",
		help: "Starts of a model's process after a crash.",
		labelNames: ["model"],
		registers,
	});
	const endedJobs = new Counter({ name: "lmx_jobs_total", help: "Jobs that have ended.", labelNames: ["kind", "state"], registers });
	const openJobs = new Map<string, string>();
	new Gauge({
		name: "lmx_jobs_open",
		help: "Jobs that have not ended.",
		labelNames: ["kind"],
		registers,
		collect() {
			this.reset();
			for (const kind of openJobs.values()) {
				this.inc({ kind });
			}
		},
	});
	bus.subscribe((event) => {
		switch (event.type) {
			case "model.evicted":
				evictions.inc({ model: event.model, reason: event.reason });
				break;
			case "model.crashed":
				crashes.inc({ model: event.model });
				if (event.restartInMs !== null) {
					restarts.inc({ model: event.model });
				}
				break;
			case "job.updated":
				if (event.state === "succeeded" || event.state === "failed" || event.state === "cancelled") {
					openJobs.delete(event.job);
					endedJobs.inc({ kind: event.kind, state: event.state });
				} else {
					openJobs.set(event.job, event.kind);
				}
				break;
			default:
				break;
		}
	});
}
