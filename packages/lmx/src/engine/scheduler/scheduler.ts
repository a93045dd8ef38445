import { KeptLimit } from "../cache/kept-limit.ts";
import type { PrefixMover } from "../cache/prefix-mover.ts";
import type { InferenceContext, Vocabulary } from "../context/inference-context.ts";
import type { Drafter } from "../speculation/drafter.ts";
import { proposeDrafts } from "../speculation/propose-drafts.ts";
import { createPieceTexts, type PieceTexts } from "../text/token-text.ts";
import { Admission } from "./admission.ts";
import { Beginnings } from "./beginnings.ts";
import { type FilledStep, fillStep } from "./fill-step.ts";
import { Generation, type GenerationListener, type GenerationRequest } from "./generation.ts";
import { isAnswering, isWaiting, type Running } from "./running.ts";
import type { QueuePlace, SchedulerLoad } from "./scheduler-load.ts";
import type { StepBudget } from "./step-budget.ts";
import { StepClock } from "./step-clock.ts";
import { takeShare } from "./take-share.ts";
import { Throughput } from "./throughput.ts";

/** What the scheduler works with. */
export interface SchedulerParts {
	readonly context: InferenceContext;
	readonly vocabulary: Vocabulary;
	readonly budget: StepBudget;
	/** Moves beginnings to and from disk; null when nothing is to be saved. */
	readonly mover: PrefixMover | null;
	/** Guesses ahead of answers; null when nothing is to be guessed. */
	readonly drafter: Drafter | null;
	/** Most requests that wait for a sequence. */
	readonly queueLimit: number;
	/** Milliseconds of a monotonic clock. */
	readonly now: () => number;
	/** Runs the next step after messages and cancels were seen; `setImmediate` outside of tests. */
	readonly defer: (step: () => void) => void;
	/** Called after every step. */
	readonly onStep: () => void;
	/** Called once when the engine is broken; nothing runs afterwards. */
	readonly onBroken: (error: unknown) => void;
}

/**
 * Runs all requests of a model in one batch per step: one token of each answer, and as many prompt tokens as
 * the step's budget allows. Requests beyond the number of sequences wait in turn. When the cache is full, what
 * is only kept goes first; then the newest request gives its place back and is computed again later. When
 * memory fails, one request ends with an error and the others are computed again: nothing accepted is lost.
 */
export class Scheduler {
	readonly #parts: SchedulerParts;
	readonly #pieceTexts: PieceTexts;
	readonly #generated = new Throughput();
	readonly #prompts = new Throughput();
	readonly #clock: StepClock;
	readonly #keptLimit: KeptLimit;
	readonly #beginnings: Beginnings;
	readonly #admission: Admission;
	#isScheduled = false;
	#isBroken = false;

	constructor(parts: SchedulerParts) {
		this.#parts = parts;
		this.#pieceTexts = createPieceTexts(parts.vocabulary);
		this.#clock = new StepClock(parts.now);
		this.#keptLimit = new KeptLimit(parts.mover, parts.context.contextTokens, parts.now);
		this.#admission = new Admission(parts);
		this.#beginnings = new Beginnings({ ...parts, wake: () => this.#schedule() });
	}

	/** Takes a request, whose prompt must be shorter than the context. False when too many wait already. */
	submit(request: GenerationRequest, listener: GenerationListener): boolean {
		if (this.#admission.isFull) {
			return false;
		}
		const { vocabulary, context } = this.#parts;
		const model = { vocabulary, pieceTexts: this.#pieceTexts, contextTokens: context.contextTokens };
		this.#admission.add(new Generation(request, listener, model));
		this.#schedule();
		return true;
	}

	/** Ends a request without an answer: its sequence is free for the next step. Unknown ids are ignored. */
	cancel(id: string): void {
		this.#admission.cancel(id);
	}

	/** Requests that have a sequence. */
	get active(): number {
		return this.#admission.running.length;
	}

	/** Requests that wait for a sequence. */
	get queued(): number {
		return this.#admission.queued;
	}

	/** How busy the model is. */
	load(): SchedulerLoad {
		return {
			active: this.active,
			queued: this.queued,
			tokensPerSecond: this.#generated.perSecond,
			promptTokensPerSecond: this.#prompts.perSecond,
			expectedWaitMs: this.#admission.expectedWaitMs,
			steps: this.#clock.read(),
		};
	}

	/** The waiting requests in the order in which they will be taken. */
	places(): QueuePlace[] {
		return this.#admission.places();
	}

	#schedule(): void {
		if (!this.#isScheduled && !this.#isBroken) {
			this.#isScheduled = true;
			this.#parts.defer(() => {
				this.#isScheduled = false;
				this.#run();
			});
		}
	}

	#run(): void {
		try {
			this.#admission.admit((running, earlier) => this.#beginnings.find(running, earlier));
			this.#beginnings.goOn(this.#admission.running, this.#admission.cache);
			if (!this.#admission.running.every(isWaiting)) {
				this.#clock.begin();
				this.#step();
				if (this.active > 0) {
					this.#keptLimit.whileWorking(this.#admission.cache);
				}
			}
			this.#continue();
		} catch (error) {
			this.#isBroken = true;
			this.#parts.onBroken(error);
		}
	}

	#continue(): void {
		this.#parts.onStep();
		if (this.active === 0 && this.queued === 0) {
			this.#clock.end();
			this.#saveWhileIdle();
		} else if (this.active === 0 || !this.#admission.running.every(isWaiting)) {
			this.#schedule();
		}
	}

	#saveWhileIdle(): void {
		const outcome = this.#keptLimit.whileIdle(this.#admission.cache);
		if (outcome === "moved") {
			this.#schedule();
		} else if (outcome === "later") {
			void this.#parts.mover?.written().then(() => this.#schedule());
		}
	}

	#step(): void {
		const { context, budget, now } = this.#parts;
		const startMs = now();
		const step = fillStep(context, budget, this.#admission.running, this.#drafts());
		for (const { running } of step.shares) {
			running.generation.start(running.computed, startMs);
		}
		const decodeAtMs = now();
		const outcome = context.decode();
		if (outcome === "full") {
			this.#admission.makeRoom();
			return;
		}
		if (outcome === "failed") {
			this.#recover(step);
			return;
		}
		this.#clock.record({ ...step, decodeMs: now() - decodeAtMs });
		let generated = 0;
		for (const share of step.shares) {
			const taken = takeShare(context, this.#admission.cache, share, now);
			generated += taken.tokens;
			if (taken.hasEnded) {
				this.#admission.release(share.running);
			}
		}
		this.#learn(step, generated, now() - startMs);
	}

	#drafts(): ReadonlyMap<Running, readonly number[]> {
		const { drafter, context } = this.#parts;
		const answers = this.#admission.running.filter(isAnswering);
		if (drafter === null || answers.length === 0) {
			return new Map();
		}
		const room = context.contextTokens - this.#admission.cache.workingCells - this.#admission.cache.keptCells - answers.length;
		return proposeDrafts(drafter, answers, { contextTokens: context.contextTokens, room });
	}

	#learn({ promptTokens, answers }: FilledStep, generated: number, ms: number): void {
		this.#parts.budget.record({ ms, promptTokens, generating: answers });
		if (generated > 0) {
			this.#generated.record(generated, ms);
		}
		if (promptTokens > 0) {
			this.#prompts.record(promptTokens, ms);
		}
	}

	/** Ends the request that asked for the most, takes the memory anew, and computes the others again. */
	#recover({ shares }: FilledStep): void {
		const victim = shares.reduce((most, share) => (share.tokens >= most.tokens ? share : most)).running;
		this.#admission.rebuildWithout(victim);
		const message = "The model ran out of memory at this request. Ask again later, or with a shorter prompt.";
		victim.generation.fail("insufficient_memory", message);
	}
}
