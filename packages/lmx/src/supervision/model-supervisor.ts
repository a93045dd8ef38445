import type { TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type { ModelState } from "@opta/contracts/schema/lmx-models";
import type { LoadedModel } from "@opta/contracts/schema/lmx-status";
import type { Logger } from "pino";
import { v7 as uuid } from "uuid";
import type {
	EngineFacts,
	EngineOperation,
	EngineOperationResults,
	EngineRequest,
	EngineSettings,
	FromEngine,
} from "../engine/engine-messages.ts";
import type { GenerationResult } from "../engine/scheduler/generation.ts";
import type { SchedulerLoad } from "../engine/scheduler/scheduler.ts";
import type { Answer, AnswerError } from "../serving/backend.ts";
import { type EngineProcess, startEngineProcess } from "./engine-process.ts";
import { RestartPolicy } from "./restart-policy.ts";

/** Hears about one request: `onAccepted`, texts, then `onEnd` or, at any time, `onError`. Nothing follows an end or an error. */
export interface EngineListener {
	onAccepted(promptTokens: number): void;
	/** `logprobs`: the probabilities of the tokens that make this text, for a request that asked. */
	onText(text: string, logprobs: readonly TokenLogprob[]): void;
	onEnd(result: GenerationResult): void;
	onError(error: AnswerError): void;
}

/** A model that works but produces nothing for this long is reported as unhealthy, */
const stallReportMs = 30_000;
/** and after this long is taken for wedged and started again. */
const stallKillMs = 120_000;
const stallCheckMs = 5000;

const noLoad: SchedulerLoad = { active: 0, queued: 0, tokensPerSecond: null, promptTokensPerSecond: null };

/** Keeps one model's process running: starts it again after a crash or a stall, a bounded number of times. */
export class ModelSupervisor {
	readonly id: string;
	readonly #settings: EngineSettings;
	readonly #logger: Logger;
	readonly #policy = new RestartPolicy();
	readonly #requests = new Map<string, EngineListener>();
	readonly #operations = new Map<string, (answer: Answer<EngineOperationResults[keyof EngineOperationResults]>) => void>();
	readonly #stallCheck: NodeJS.Timeout;
	#process: EngineProcess | null = null;
	#restartTimer: NodeJS.Timeout | undefined;
	#state: ModelState = "unloaded";
	#reason: string | null = null;
	#facts: EngineFacts | null = null;
	#load = noLoad;
	#ramBytes: number | null = null;
	#threads: number | null = null;
	#restarts = 0;
	#loadedAt: Date | null = null;
	#progressAtMs = 0;
	#firstLoad: { readonly promise: Promise<string | null>; readonly resolve: (failure: string | null) => void } | null =
		Promise.withResolvers<string | null>();
	#isStopping = false;

	constructor(id: string, settings: EngineSettings, logger: Logger) {
		this.id = id;
		this.#settings = settings;
		this.#logger = logger;
		this.#stallCheck = setInterval(() => this.#checkStall(), stallCheckMs).unref();
	}

	/** Loads the model; settles with null when it is ready, or with why it cannot be loaded. */
	start(): Promise<string | null> {
		const promise = this.#firstLoad?.promise ?? Promise.resolve(null);
		this.#launch("loading");
		return promise;
	}

	get state(): ModelState {
		return this.#state;
	}

	/** What the loaded model can do; null before the first load. */
	get facts(): EngineFacts | null {
		return this.#facts;
	}

	/** Length of the context; null before the first load. */
	get contextTokens(): number | null {
		return this.#facts?.contextTokens ?? null;
	}

	/** Why the model does not answer now; null when it does. */
	unhealthyReason(): string | null {
		if (this.#state === "ready") {
			const stalledMs = this.#stalledMs();
			return stalledMs < stallReportMs ? null : `The model ${this.id} has made no progress for ${Math.round(stalledMs / 1000)} s.`;
		}
		return this.#reason ?? `The model ${this.id} is being loaded.`;
	}

	/** Starts a request. A model that is not ready answers with an error at once. */
	generate(request: EngineRequest, listener: EngineListener): void {
		if (this.#state !== "ready" || this.#process === null) {
			listener.onError(this.#unavailable());
			return;
		}
		this.#expectProgress();
		this.#requests.set(request.id, listener);
		this.#process.send({ type: "generate", request });
	}

	/** Gives a request up; nothing more is heard of it. */
	cancel(id: string): void {
		if (this.#requests.delete(id)) {
			this.#process?.send({ type: "cancel", id });
		}
	}

	/** Work without generation, such as counting tokens. A model that is not ready answers with an error at once. */
	operate<Kind extends EngineOperation["kind"]>(
		operation: Extract<EngineOperation, { kind: Kind }>,
	): Promise<Answer<EngineOperationResults[Kind]>> {
		const process = this.#process;
		if (this.#state !== "ready" || process === null) {
			return Promise.resolve({ ok: false, error: this.#unavailable() });
		}
		this.#expectProgress();
		const id = uuid();
		return new Promise((resolve) => {
			this.#operations.set(id, (answer) => resolve(answer as Answer<EngineOperationResults[Kind]>));
			process.send({ type: "operate", id, operation });
		});
	}

	/** What `GET /admin/status` tells. */
	status(): LoadedModel {
		return {
			id: this.id,
			state: this.#state,
			reason: this.#state === "ready" ? this.unhealthyReason() : this.#reason,
			contextTokens: this.contextTokens,
			sequences: this.#facts?.sequences ?? null,
			threads: this.#threads,
			ramBytes: this.#ramBytes,
			activeRequests: this.#load.active,
			queuedRequests: this.#load.queued,
			tokensPerSecond: this.#load.tokensPerSecond,
			promptTokensPerSecond: this.#load.promptTokensPerSecond,
			restarts: this.#restarts,
			loadedAt: this.#loadedAt?.toISOString() ?? null,
		};
	}

	/** Ends the process; requests that are still open get an error. */
	async stop(): Promise<void> {
		this.#isStopping = true;
		clearInterval(this.#stallCheck);
		clearTimeout(this.#restartTimer);
		const gone = this.#process?.kill();
		this.#failRequests({ code: "unavailable", message: "The inference server is being stopped." });
		await gone;
	}

	#launch(state: ModelState): void {
		this.#state = state;
		this.#process = startEngineProcess(
			this.#settings,
			{ onMessage: (message) => this.#onMessage(message), onExit: ({ reason }) => this.#onExit(reason) },
			this.#logger,
		);
		this.#logger.info({ model: this.id, enginePid: this.#process.pid }, "loading model");
	}

	#onMessage(message: FromEngine): void {
		this.#progressAtMs = performance.now();
		switch (message.type) {
			case "ready":
				this.#onReady(message.facts);
				break;
			case "loadFailed":
				this.#reason = message.message;
				break;
			case "accepted":
				this.#requests.get(message.id)?.onAccepted(message.promptTokens);
				break;
			case "refused": {
				const { type: _, id, ...error } = message;
				this.#take(id)?.onError(error);
				this.#settleOperation(id, { ok: false, error });
				break;
			}
			case "operated":
				this.#settleOperation(message.id, { ok: true, value: message.result });
				break;
			case "output":
				this.#load = message.load;
				this.#ramBytes = message.ramBytes;
				this.#threads = message.threads;
				for (const [id, text, logprobs] of message.texts) {
					this.#requests.get(id)?.onText(text, logprobs ?? []);
				}
				for (const [id, result] of message.ends) {
					this.#take(id)?.onEnd(result);
				}
				break;
		}
	}

	#onReady(facts: EngineFacts): void {
		this.#state = "ready";
		this.#reason = null;
		this.#facts = facts;
		this.#ramBytes = facts.ramBytes;
		this.#threads = facts.threads;
		this.#loadedAt = new Date();
		this.#policy.onReady(performance.now());
		this.#logger.info({ model: this.id, ...facts }, "model ready");
		this.#settleFirstLoad(null);
	}

	#onExit(reason: string): void {
		this.#process = null;
		this.#load = noLoad;
		this.#ramBytes = null;
		this.#loadedAt = null;
		if (this.#isStopping) {
			return;
		}
		const failure = this.#state === "ready" ? null : this.#reason;
		this.#reason = failure ?? `The model ${this.id} stopped: ${reason}.`;
		if (this.#firstLoad !== null) {
			this.#state = "failed";
			this.#settleFirstLoad(this.#reason);
			return;
		}
		const delayMs = this.#policy.onCrash(performance.now());
		this.#logger.error({ model: this.id, reason, restartInMs: delayMs }, this.#reason);
		if (delayMs === null) {
			this.#state = "failed";
			this.#reason += " It was restarted three times and is given up; restart the inference server.";
		} else {
			this.#state = "restarting";
			this.#restarts++;
			this.#restartTimer = setTimeout(() => this.#launch("restarting"), delayMs);
		}
		const next = delayMs === null ? "It was given up." : "It is being restarted; ask again in a moment.";
		this.#failRequests({ code: "model_crashed", message: `The model stopped in the middle of this answer. ${next}` });
	}

	#settleFirstLoad(failure: string | null): void {
		this.#firstLoad?.resolve(failure);
		this.#firstLoad = null;
	}

	#unavailable(): AnswerError {
		return { code: "model_unavailable", message: `${this.unhealthyReason()} Try again in a moment.` };
	}

	/** Work begins after a rest: the time without progress counts from now. */
	#expectProgress(): void {
		if (this.#requests.size + this.#operations.size === 0) {
			this.#progressAtMs = performance.now();
		}
	}

	#settleOperation(id: string, answer: Answer<EngineOperationResults[keyof EngineOperationResults]>): void {
		this.#operations.get(id)?.(answer);
		this.#operations.delete(id);
	}

	#take(id: string): EngineListener | undefined {
		const listener = this.#requests.get(id);
		this.#requests.delete(id);
		return listener;
	}

	#failRequests(error: AnswerError): void {
		const open = [...this.#requests.values()];
		this.#requests.clear();
		for (const listener of open) {
			listener.onError(error);
		}
		for (const id of [...this.#operations.keys()]) {
			this.#settleOperation(id, { ok: false, error });
		}
	}

	#stalledMs(): number {
		return this.#requests.size + this.#operations.size === 0 ? 0 : performance.now() - this.#progressAtMs;
	}

	#checkStall(): void {
		if (this.#state === "ready" && this.#stalledMs() >= stallKillMs) {
			this.#logger.error({ model: this.id }, `The model ${this.id} made no progress for ${stallKillMs / 1000} s and is started again.`);
			void this.#process?.kill();
		}
	}
}
