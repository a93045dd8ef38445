import type { LoadStage } from "@opta/contracts/schema/lmx-events";
import type { ModelState } from "@opta/contracts/schema/lmx-models";
import type { Logger } from "pino";
import type {
	EngineFacts,
	EngineOperation,
	EngineOperationResults,
	EngineRequest,
	EngineSettings,
	FromEngine,
} from "../engine/engine-messages.ts";
import { heldBytes } from "../memory/machine-memory.ts";
import type { Answer, AnswerError } from "../serving/backend.ts";
import type { RunnerStatus } from "../serving/model-runner.ts";
import { type EngineProcess, startEngineProcess } from "./engine-process.ts";
import { type EngineListener, OpenWork } from "./open-work.ts";
import { ProcessFigures } from "./process-figures.ts";
import { RestartPolicy } from "./restart-policy.ts";
import { type StallLimits, StallWatch } from "./stall-watch.ts";

/** What the owner of a supervisor hears. */
export interface SupervisorListener {
	onState(state: ModelState, reason: string | null): void;
	onProgress(stage: LoadStage, fraction: number | null): void;
	/** `restartInMs`: null when it is given up. */
	onCrash(reason: string, restartInMs: number | null): void;
}

/** Keeps one model's process running: starts it again after a crash or a stall, a bounded number of times. */
export class ModelSupervisor {
	readonly id: string;
	readonly #settings: EngineSettings;
	readonly #stall: StallWatch;
	readonly #listener: SupervisorListener;
	readonly #logger: Logger;
	readonly #policy = new RestartPolicy();
	readonly #work = new OpenWork();
	readonly #figures = new ProcessFigures();
	#process: EngineProcess | null = null;
	#restartTimer: NodeJS.Timeout | undefined;
	#state: ModelState = "unloaded";
	#reason: string | null = null;
	#firstLoad: { readonly promise: Promise<string | null>; readonly resolve: (failure: string | null) => void } | null =
		Promise.withResolvers<string | null>();
	#isStopping = false;

	constructor(id: string, settings: EngineSettings, limits: StallLimits, listener: SupervisorListener, logger: Logger) {
		this.id = id;
		this.#settings = settings;
		this.#stall = new StallWatch(limits, { doing: () => this.#doing(), onStall: (doing, limitMs) => this.#onStall(doing, limitMs) });
		this.#listener = listener;
		this.#logger = logger;
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
		return this.#figures.facts;
	}

	/** Why the model does not answer now; null when it does. */
	unhealthyReason(): string | null {
		if (this.#state === "ready") {
			const seconds = Math.round(this.#stall.stalledMs / 1000);
			return this.#stall.isUnhealthy ? `The model ${this.id} has made no progress for ${seconds} s.` : null;
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
		this.#work.addRequest(request.id, listener);
		this.#process.send({ type: "generate", request });
	}

	/** Gives a request up; nothing more is heard of it. */
	cancel(id: string): void {
		if (this.#work.drop(id)) {
			this.#process?.send({ type: "cancel", id });
		}
	}

	/**
	 * Work without generation, such as counting tokens. A model that is not ready answers with an error at once; an abort gives
	 * the work up.
	 */
	operate<Kind extends EngineOperation["kind"]>(
		operation: Extract<EngineOperation, { kind: Kind }>,
		signal?: AbortSignal,
	): Promise<Answer<EngineOperationResults[Kind]>> {
		const process = this.#process;
		if (this.#state !== "ready" || process === null) {
			return Promise.resolve({ ok: false, error: this.#unavailable() });
		}
		this.#expectProgress();
		return this.#work.operate(process, operation, signal) as Promise<Answer<EngineOperationResults[Kind]>>;
	}

	/** Where its process stands. */
	status(): RunnerStatus {
		return this.#figures.status();
	}

	/** What its process holds that the system cannot take back; null where that is not known. */
	heldBytes(): number | null {
		return this.#process?.pid === undefined ? null : heldBytes(this.#process.pid);
	}

	/** Ends the process; requests that are still open get an error. */
	async stop(): Promise<void> {
		this.#isStopping = true;
		this.#stall.stop();
		clearTimeout(this.#restartTimer);
		const gone = this.#process?.kill();
		this.#work.fail({ code: "model_unavailable", message: `The model ${this.id} was unloaded before the answer was complete.` });
		await gone;
		if (this.#state !== "failed") {
			this.#setState("unloaded", null);
		}
		this.#settleFirstLoad(`The model ${this.id} was unloaded while it was being loaded.`);
	}

	#launch(state: ModelState): void {
		this.#stall.noteProgress();
		this.#setState(state, this.#reason);
		this.#process = startEngineProcess(
			this.#settings,
			{ onMessage: (message) => this.#onMessage(message), onExit: ({ reason }) => this.#onExit(reason) },
			this.#logger.child({ model: this.id }),
		);
		this.#logger.info({ model: this.id, enginePid: this.#process.pid }, "loading model");
	}

	#setState(state: ModelState, reason: string | null): void {
		this.#reason = reason;
		if (state !== this.#state) {
			this.#state = state;
			this.#listener.onState(state, reason);
		}
	}

	#onMessage(message: FromEngine): void {
		if (message.type !== "output" || this.#isProgress(message, this.#figures.onOutput(message))) {
			this.#stall.noteProgress();
		}
		switch (message.type) {
			case "ready":
				this.#onReady(message.facts);
				break;
			case "loadFailed":
				this.#reason = message.message;
				break;
			case "loadProgress":
				this.#listener.onProgress(message.stage, message.fraction);
				break;
		}
		this.#work.onMessage(message);
	}

	/** A process that is alive but computes nothing makes no progress. */
	#isProgress({ texts, ends }: Extract<FromEngine, { type: "output" }>, hasComputed: boolean): boolean {
		return hasComputed || texts.length + ends.length > 0 || this.#work.operations > 0;
	}

	#onReady(facts: EngineFacts): void {
		this.#figures.onReady(facts);
		this.#policy.onReady(performance.now());
		this.#logger.info({ model: this.id, ...facts }, "model ready");
		this.#setState("ready", null);
		this.#settleFirstLoad(null);
	}

	#onExit(reason: string): void {
		this.#process = null;
		this.#figures.onExit();
		if (this.#isStopping) {
			return;
		}
		const failure = this.#state === "ready" ? null : this.#reason;
		const stopped = failure ?? `The model ${this.id} stopped: ${reason}.`;
		if (this.#firstLoad !== null) {
			this.#setState("failed", stopped);
			this.#settleFirstLoad(stopped);
			return;
		}
		const delayMs = this.#policy.onCrash(performance.now());
		this.#logger.error({ model: this.id, reason, restartInMs: delayMs }, stopped);
		this.#listener.onCrash(stopped, delayMs);
		if (delayMs === null) {
			this.#setState("failed", `${stopped} It failed three times and is given up.`);
		} else {
			this.#figures.onRestart();
			this.#setState("restarting", stopped);
			this.#restartTimer = setTimeout(() => this.#launch("restarting"), delayMs);
		}
		const next = delayMs === null ? "It was given up." : "It is being restarted; ask again in a moment.";
		this.#work.fail({ code: "model_crashed", message: `The model stopped in the middle of this answer. ${next}` });
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
		if (this.#work.size === 0) {
			this.#stall.noteProgress();
		}
	}

	#doing(): "loading" | "working" | null {
		if (this.#state === "ready") {
			return this.#work.size === 0 ? null : "working";
		}
		return this.#process !== null && (this.#state === "loading" || this.#state === "restarting") ? "loading" : null;
	}

	#onStall(doing: "loading" | "working", limitMs: number): void {
		if (doing === "loading") {
			this.#reason = `The model ${this.id} did not get on with loading for ${limitMs / 1000} s and was given up.`;
		} else {
			this.#logger.error({ model: this.id }, `The model ${this.id} made no progress for ${limitMs / 1000} s and is started again.`);
		}
		void this.#process?.kill();
	}
}
