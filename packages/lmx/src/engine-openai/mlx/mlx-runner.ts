import { setTimeout as delay } from "node:timers/promises";
import type { ModelState } from "@opta/contracts/schema/lmx-models";
import type { Logger } from "pino";
import type { EventBus } from "../../events/event-bus.ts";
import type { InstalledModel } from "../../library/installed-model.ts";
import { heldBytes } from "../../memory/machine-memory.ts";
import type { InferenceBackend } from "../../serving/backend.ts";
import type { LoadOptions } from "../../serving/load-options.ts";
import { type ModelRunner, noSteps, type RunnerListener, type RunnerStatus } from "../../serving/model-runner.ts";
import { RestartPolicy } from "../../supervision/restart-policy.ts";
import { OpenAiBackend } from "../openai-backend.ts";
import { defaultUpstreamLimits, Upstream } from "../upstream.ts";
import { countedBackend } from "./counted-backend.ts";
import { freePort, type GuardedProcess, startGuardedProcess } from "./mlx-process.ts";

/** What all processes of `mlx_lm.server` have in common. */
export interface MlxRunnerParts {
	/** Null where it is not installed, or where the machine cannot run it. */
	readonly command: string | null;
	readonly events: EventBus;
	readonly logger: Logger;
	/** How often it is asked whether it lives, and how long it may take to say so. */
	readonly health?: { readonly everyMs: number; readonly timeoutMs: number };
}

const loadTimeoutMs = 15 * 60_000;
const startingEveryMs = 200;
const defaultHealth = { everyMs: 10_000, timeoutMs: 5000 };
/** Answers in a row that stay away before the process is taken for wedged. */
const missedHealths = 3;
/** Of the weights, for prompts that are kept between requests; half of what the prediction adds to them. */
const promptCacheShare = 0.1;

/** Whatever it is called: the server was started for this one. */
const onlyModel = "default_model";

const notHere =
	"MLX models need mlx_lm.server on Apple Silicon. Install it there with: pip install mlx-lm. Or ask for a GGUF build of the model.";

/** Runs an MLX model in `mlx_lm.server`, on a port of loopback: started again after a crash, ended with LMX. */
export class MlxRunner implements ModelRunner {
	readonly #model: InstalledModel;
	readonly #options: LoadOptions;
	readonly #listener: RunnerListener;
	readonly #parts: MlxRunnerParts;
	readonly #policy = new RestartPolicy();
	readonly #stopping = new AbortController();
	readonly #load = { active: 0 };
	#state: ModelState = "unloaded";
	#reason: string | null = null;
	#running: { readonly process: GuardedProcess; readonly upstream: Upstream; readonly backend: InferenceBackend } | null = null;
	#firstLoad: PromiseWithResolvers<string | null> | null = Promise.withResolvers();
	#restarts = 0;
	#loadedAt: Date | null = null;

	constructor(model: InstalledModel, options: LoadOptions, listener: RunnerListener, parts: MlxRunnerParts) {
		this.#model = model;
		this.#options = options;
		this.#listener = listener;
		this.#parts = parts;
	}

	start(): Promise<string | null> {
		const promise = this.#firstLoad?.promise ?? Promise.resolve(null);
		if (this.#parts.command === null) {
			this.#giveUp(notHere);
		} else {
			void this.#launch("loading", this.#parts.command);
		}
		return promise;
	}

	get backend(): InferenceBackend {
		if (this.#running === null) {
			throw new Error(`The model ${this.#model.id} was asked before it was loaded.`);
		}
		return this.#running.backend;
	}

	get state(): ModelState {
		return this.#state;
	}

	unhealthyReason(): string | null {
		return this.#state === "ready" ? null : (this.#reason ?? `The model ${this.#model.id} is being loaded.`);
	}

	status(): RunnerStatus {
		return {
			contextTokens: this.#model.trainedContextTokens,
			sequences: this.#options.sequences,
			threads: null,
			ramBytes: this.heldBytes(),
			modelBytes: this.heldBytes(),
			activeRequests: this.#load.active,
			queuedRequests: 0,
			tokensPerSecond: null,
			promptTokensPerSecond: null,
			expectedWaitMs: null,
			steps: noSteps,
			restarts: this.#restarts,
			loadedAt: this.#loadedAt,
		};
	}

	heldBytes(): number | null {
		const pid = this.#running?.process.pid ?? null;
		return pid === null ? null : heldBytes(pid);
	}

	async stop(): Promise<void> {
		this.#stopping.abort();
		const running = this.#running;
		await Promise.all([running?.process.kill(), running?.upstream.close()]);
		this.#setState("unloaded", null);
		this.#settleFirstLoad(`The model ${this.#model.id} was unloaded while it was being loaded.`);
	}

	async #launch(state: ModelState, command: string): Promise<void> {
		const { id, path, fileBytes, trainedContextTokens } = this.#model;
		const logger = this.#parts.logger.child({ model: id });
		this.#setState(state, this.#reason);
		const port = await freePort();
		if (this.#stopping.signal.aborted) {
			return;
		}
		const args = ["--model", path, "--host", "127.0.0.1", "--port", String(port), "--log-level", "WARNING"];
		const limits = [
			"--decode-concurrency",
			String(this.#options.sequences),
			"--prompt-cache-bytes",
			String(Math.round(fileBytes * promptCacheShare)),
		];
		const gone = new AbortController();
		const process = startGuardedProcess(command, [...args, ...limits], {
			onLine: (line) => logger.debug({ native: line }, "engine"),
			onExit: (reason) => {
				gone.abort();
				this.#onExit(reason, command);
			},
		});
		const upstream = new Upstream({
			name: `mlx_lm.server (${id})`,
			baseUrl: `http://127.0.0.1:${port}/v1`,
			apiKey: null,
			limits: { ...defaultUpstreamLimits, breaker: { failures: Number.POSITIVE_INFINITY, openMs: 1, maxOpenMs: 1 } },
		});
		const model = { name: onlyModel, dialect: "mlx", contextTokens: trainedContextTokens } as const;
		this.#running = { process, upstream, backend: countedBackend(new OpenAiBackend(upstream, model), this.#load) };
		logger.info({ port }, "loading model");
		await this.#watch(upstream, process, AbortSignal.any([gone.signal, this.#stopping.signal]));
		await upstream.close();
	}

	/** Waits until the server answers, then looks whether it still does, until it is gone. */
	async #watch(upstream: Upstream, process: GuardedProcess, ended: AbortSignal): Promise<void> {
		const { everyMs, timeoutMs } = this.#parts.health ?? defaultHealth;
		const startedAtMs = performance.now();
		let isReady = false;
		let missed = 0;
		while (!ended.aborted) {
			const health = await upstream.reach({ method: "GET", base: "root", path: "/health", signal: ended, headersMs: timeoutMs });
			if (ended.aborted) {
				break;
			}
			if (health === null && !isReady) {
				isReady = true;
				this.#onReady();
			}
			missed = health === null ? 0 : missed + 1;
			const isWedged = isReady ? missed >= missedHealths : performance.now() - startedAtMs > loadTimeoutMs;
			if (isWedged) {
				this.#parts.logger.error({ model: this.#model.id }, `mlx_lm.server does not answer and is ended: ${health?.message ?? ""}`);
				await process.kill();
				break;
			}
			await delay(isReady ? everyMs : startingEveryMs, undefined, { signal: ended, ref: false }).catch(() => undefined);
		}
	}

	#onReady(): void {
		this.#loadedAt = new Date();
		this.#policy.onReady(performance.now());
		this.#setState("ready", null);
		this.#settleFirstLoad(null);
	}

	#onExit(reason: string, command: string): void {
		this.#loadedAt = null;
		if (this.#stopping.signal.aborted) {
			return;
		}
		const stopped = `The model ${this.#model.id} stopped: ${reason}.`;
		if (this.#firstLoad !== null) {
			this.#giveUp(stopped);
			return;
		}
		const { events, logger } = this.#parts;
		const delayMs = this.#policy.onCrash(performance.now());
		logger.error({ model: this.#model.id, restartInMs: delayMs }, stopped);
		events.publish({ type: "model.crashed", model: this.#model.id, reason: stopped, restartInMs: delayMs });
		if (delayMs === null) {
			this.#setState("failed", `${stopped} It failed three times and is given up.`);
			return;
		}
		this.#restarts++;
		this.#setState("restarting", stopped);
		delay(delayMs, undefined, { signal: this.#stopping.signal }).then(
			() => this.#launch("restarting", command),
			() => undefined,
		);
	}

	#giveUp(reason: string): void {
		this.#setState("failed", reason);
		this.#settleFirstLoad(reason);
	}

	#setState(state: ModelState, reason: string | null): void {
		this.#reason = reason;
		if (state !== this.#state) {
			this.#state = state;
			this.#listener.onState(state, reason);
		}
	}

	#settleFirstLoad(failure: string | null): void {
		this.#firstLoad?.resolve(failure);
		this.#firstLoad = null;
	}
}
