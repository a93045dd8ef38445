import { Gauge, type Registry } from "prom-client";

/** What the server's own process takes; the models have processes of their own. Names as Prometheus clients agree on them. */
export function showProcess(registry: Registry): void {
	const registers = [registry];
	new Gauge({
		name: "process_resident_memory_bytes",
		help: "Resident memory of the server's own process.",
		registers,
		collect() {
			this.set(process.memoryUsage.rss());
		},
	});
	new Gauge({
		name: "process_start_time_seconds",
		help: "Start of the server, in seconds since 1970.",
		registers,
	}).set(Math.round(Date.now() / 1000 - process.uptime()));
}
