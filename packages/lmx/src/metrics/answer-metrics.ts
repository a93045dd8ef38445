import type { Timings, Usage } from "@opta/contracts/schema/lmx-chat";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

const waitBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120];
const tokenBuckets = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 5];

/** How an answer ended: well, given up by its client, or with the code of its error. */
export type AnswerOutcome = "ok" | "cancelled" | (string & {});

/** One answer that is being measured. Times are taken here, as a client near the server sees them. */
export interface AnswerMeasure {
	/** A delta was handed over. */
	onDelta(): void;
	onEnd(usage: Usage, timings: Timings | null): void;
	/** Instead of `onEnd`; does nothing after it. */
	onFailure(outcome: AnswerOutcome): void;
}

/** What Prometheus is told about answers, by model. */
export class AnswerMetrics {
	readonly #answers: Counter<"model" | "outcome">;
	readonly #inFlight: Gauge<"model">;
	readonly #queueWait: Histogram<"model">;
	readonly #firstToken: Histogram<"model">;
	readonly #betweenTokens: Histogram<"model">;
	readonly #speed: Histogram<"model">;
	readonly #prompt: Counter<"model">;
	readonly #cached: Counter<"model">;
	readonly #generated: Counter<"model">;
	readonly #drafted: Counter<"model" | "result">;
	readonly #operations: Counter<"model" | "operation" | "outcome">;
	readonly #now: () => number;

	/** `now` gives milliseconds of a monotonic clock. */
	constructor(registry: Registry, now: () => number = () => performance.now()) {
		const registers = [registry];
		const labelNames = ["model"] as const;
		const counter = (name: string, help: string): Counter<"model"> => new Counter({ name, help, labelNames, registers });
		const histogram = (name: string, help: string, buckets: number[]): Histogram<"model"> =>
			new Histogram({ name, help, labelNames, buckets, registers });
		this.#now = now;
		this.#answers = new Counter({
			name: "lmx_answers_total",
			help: "Answers that have ended: ok, cancelled by the client, or the code of the error.",
			labelNames: ["model", "outcome"],
			registers,
		});
		this.#operations = new Counter({
			name: "lmx_operations_total",
			help: "Work without generation: tokenize, embed, rerank and the like.",
			labelNames: ["model", "operation", "outcome"],
			registers,
		});
		this.#inFlight = new Gauge({ name: "lmx_answers_in_flight", help: "Answers that wait or run.", labelNames, registers });
		this.#queueWait = histogram("lmx_queue_wait_seconds", "Time before the model began with a request.", waitBuckets);
		this.#firstToken = histogram(
			"lmx_time_to_first_token_seconds",
			"Time from the request to its first token, waiting included.",
			waitBuckets,
		);
		this.#betweenTokens = histogram("lmx_inter_token_seconds", "Time between the tokens of an answer.", tokenBuckets);
		this.#speed = histogram("lmx_answer_tokens_per_second", "Speed of single answers.", [1, 2, 5, 10, 20, 40, 60, 80, 120, 160, 240, 400]);
		this.#prompt = counter("lmx_prompt_tokens_total", "Tokens of prompts, computed and cached.");
		this.#cached = counter("lmx_cached_prompt_tokens_total", "Tokens of prompts that were taken from the cache.");
		this.#generated = counter("lmx_generated_tokens_total", "Tokens of answers.");
		this.#drafted = new Counter({
			name: "lmx_drafted_tokens_total",
			help: "Tokens that were drafted ahead, by whether the model kept them.",
			labelNames: ["model", "result"],
			registers,
		});
	}

	/** Begins with an answer of a model that this host knows; its name becomes a label. */
	start(model: string): AnswerMeasure {
		const startedAtMs = this.#now();
		const betweenTokens = this.#betweenTokens.labels(model);
		let firstAtMs: number | null = null;
		let lastAtMs = 0;
		let isOver = false;
		this.#inFlight.inc({ model });
		const end = (outcome: AnswerOutcome): boolean => {
			if (isOver) {
				return false;
			}
			isOver = true;
			this.#inFlight.dec({ model });
			this.#answers.inc({ model, outcome });
			return true;
		};
		return {
			onDelta: () => {
				const nowMs = this.#now();
				if (firstAtMs === null) {
					firstAtMs = nowMs;
					this.#firstToken.observe({ model }, (nowMs - startedAtMs) / 1000);
				} else {
					betweenTokens.observe((nowMs - lastAtMs) / 1000);
				}
				lastAtMs = nowMs;
			},
			onEnd: (usage, timings) => {
				if (!end("ok")) {
					return;
				}
				const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details: details } = usage;
				this.#prompt.inc({ model }, prompt_tokens);
				this.#cached.inc({ model }, prompt_tokens_details.cached_tokens);
				this.#generated.inc({ model }, completion_tokens);
				this.#drafted.inc({ model, result: "accepted" }, details?.accepted_prediction_tokens ?? 0);
				this.#drafted.inc({ model, result: "rejected" }, details?.rejected_prediction_tokens ?? 0);
				if (timings !== null) {
					const workMs = timings.prompt_ms + timings.predicted_ms;
					this.#queueWait.observe({ model }, Math.max(0, this.#now() - startedAtMs - workMs) / 1000);
					if (timings.predicted_per_second > 0) {
						this.#speed.observe({ model }, timings.predicted_per_second);
					}
				}
			},
			onFailure: (outcome) => void end(outcome),
		};
	}

	/** Counts work without generation. */
	countOperation(model: string, operation: string, outcome: AnswerOutcome): void {
		this.#operations.inc({ model, operation, outcome });
	}
}
