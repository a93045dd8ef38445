import { type ModelState, modelStates } from "@opta/contracts/schema/lmx-models";
import { Counter, Gauge, type Registry } from "prom-client";
import type { RunnerStatus } from "../serving/model-runner.ts";

/** What is known of a model that has memory. */
export interface ModelFigures {
	readonly id: string;
	readonly state: ModelState;
	/** What the load was expected to take. */
	readonly predictedBytes: number;
	readonly status: RunnerStatus;
}

type Read = (figures: ModelFigures) => number | null;

/** Reads what the models tell of themselves whenever Prometheus asks; models that were unloaded leave the page. */
export function showModels(registry: Registry, readModels: () => readonly ModelFigures[]): void {
	const registers = [registry];
	const labelNames = ["model"] as const;
	const gauge = (name: string, help: string, read: Read): void => {
		new Gauge({
			name,
			help,
			labelNames,
			registers,
			collect() {
				this.reset();
				for (const figures of readModels()) {
					const value = read(figures);
					if (value !== null) {
						this.set({ model: figures.id }, value);
					}
				}
			},
		});
	};
	const counter = (name: string, help: string, read: Read): void => {
		new Counter({
			name,
			help,
			labelNames,
			registers,
			collect() {
				this.reset();
				for (const figures of readModels()) {
					this.inc({ model: figures.id }, read(figures) ?? 0);
				}
			},
		});
	};
	new Gauge({
		name: "lmx_model_state",
		help: "1 for the state that a model is in.",
		labelNames: ["model", "state"],
		registers,
		collect() {
			this.reset();
			for (const { id, state } of readModels()) {
				for (const each of modelStates) {
					this.set({ model: id, state: each }, each === state ? 1 : 0);
				}
			}
		},
	});
	gauge("lmx_requests_active", "Requests that a model works on.", ({ status }) => status.activeRequests);
	gauge("lmx_requests_queued", "Requests that wait for a place in a model's batch.", ({ status }) => status.queuedRequests);
	gauge(
		"lmx_tokens_per_second",
		"Generated tokens per second over all answers, of the last seconds with work.",
		({ status }) => status.tokensPerSecond,
	);
	gauge(
		"lmx_prompt_tokens_per_second",
		"Computed prompt tokens per second, of the last seconds with work.",
		({ status }) => status.promptTokensPerSecond,
	);
	gauge("lmx_model_sequences", "Answers that a model can work on at the same time.", ({ status }) => status.sequences);
	gauge("lmx_model_memory_predicted_bytes", "What the load of a model was expected to take.", ({ predictedBytes }) => predictedBytes);
	gauge("lmx_model_memory_bytes", "What a model took beyond an empty process.", ({ status }) => status.modelBytes);
	gauge("lmx_model_resident_bytes", "Resident memory of a model's process.", ({ status }) => status.ramBytes);
	gauge("lmx_batch_occupancy", "Mean answers in a step, since the model was loaded.", ({ status: { steps } }) =>
		steps.generating === 0 ? null : steps.answers / steps.generating,
	);
	counter("lmx_steps_total", "Steps in which at least one answer got a token.", ({ status }) => status.steps.generating);
	counter("lmx_step_answers_total", "Answers that got a token, summed over the steps.", ({ status }) => status.steps.answers);
	counter("lmx_computed_prompt_tokens_total", "Tokens of prompts that were computed.", ({ status }) => status.steps.promptTokens);
	counter("lmx_decode_seconds_total", "Time inside the inference library.", ({ status }) => status.steps.decodeMs / 1000);
	counter("lmx_work_seconds_total", "Time with work to do.", ({ status }) => status.steps.workMs / 1000);
}
