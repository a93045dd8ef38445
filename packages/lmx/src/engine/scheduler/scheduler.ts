import { KeptLimit } from "../cache/kept-limit.ts";
import { PrefixCache } from "../cache/prefix-cache.ts";
import type { PrefixMover } from "../cache/prefix-mover.ts";
import type { InferenceContext, Vocabulary } from "../context/inference-context.ts";
import { DraftPace } from "../speculation/draft-pace.ts";
import type { Drafter } from "../speculation/drafter.ts";
import { proposeDrafts } from "../speculation/propose-drafts.ts";
import { createPieceTexts, type PieceTexts } from "../text/token-text.ts";
import { Beginnings } from "./beginnings.ts";
import { type FilledStep, fillStep } from "./fill-step.ts";
import { Generation, type GenerationListener, type GenerationRequest } from "./generation.ts";
import { RequestQueue } from "./request-queue.ts";
import { isAnswering, isWaiting, type Running } from "./running.ts";
import type { QueuePlace, SchedulerLoad } from "./scheduler-load.ts";
import type { StepBudget } from "./step-budget.ts";
import { StepClock } from "./step-clock.ts";
import { takeShare } from "./take-share.ts";
import { Throughput } from "./throughput.ts";
import { WaitEstimate } from "./wait-estimate.ts";

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
	readonly #queue = new RequestQueue<Generation>();
	readonly #clock: StepClock;
	readonly #wait: WaitEstimate;
	readonly #keptLimit: KeptLimit;
	readonly #beginnings: Beginnings;
	#cache: PrefixCache;
	/** In order of admission. */
	#running: readonly Running[] = [];
	/** There was no room for the next request; until another one ends, nobody is let in. */
	#isCrowded = false;
	#isScheduled = false;
	#isBroken = false;

	constructor(parts: SchedulerParts) {
		this.#parts = parts;
		this.#pieceTexts = createPieceTexts(parts.vocabulary);
		this.#clock = new StepClock(parts.now);
		this.#wait = new WaitEstimate(parts.context.sequences);
		this.#keptLimit = new KeptLimit(parts.mover, parts.context.contextTokens, parts.now);
		this.#beginnings = new Beginnings({ ...parts, wake: () => this.#schedule() });
		this.#cache = new PrefixCache(parts.context);
	}

	/** Takes a request, whose prompt must be shorter than the context. False when too many wait already. */
	submit(request: GenerationRequest, listener: GenerationListener): boolean {
		if (this.#queue.size >= this.#free + this.#parts.queueLimit) {
			return false;
		}
		const { vocabulary, context } = this.#parts;
		const model = { vocabulary, pieceTexts: this.#pieceTexts, contextTokens: context.contextTokens };
		this.#queue.push(new Generation(request, listener, model));
		this.#schedule();
		return true;
	}

	/** Ends a request without an answer: its sequence is free for the next step. Unknown ids are ignored. */
	cancel(id: string): void {
		const running = this.#running.find(({ generation }) => generation.request.id === id);
		if (running === undefined) {
			this.#queue.remove(id);
		} else {
			this.#release(running);
		}
	}

	/** Requests that have a sequence. */
	get active(): number {
		return this.#running.length;
	}

	/** Requests that wait for a sequence. */
	get queued(): number {
		return this.#queue.size;
	}

	/** How busy the model is. */
	load(): SchedulerLoad {
		return {
			active: this.#running.length,
			queued: this.#queue.size,
			tokensPerSecond: this.#generated.perSecond,
			promptTokensPerSecond: this.#prompts.perSecond,
			expectedWaitMs: this.#wait.expectedMs(this.#queue.size, this.#free),
			steps: this.#clock.read(),
		};
	}

	/** The waiting requests in the order in which they will be taken. */
	places(): QueuePlace[] {
		return this.#queue
			.inOrder()
			.map(({ request: { id } }, before) => ({ id, before, expectedWaitMs: this.#wait.expectedMs(before, this.#free) }));
	}

	get #free(): number {
		return this.#parts.context.sequences - this.#running.length;
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
			this.#admit();
			this.#beginnings.goOn(this.#running, this.#cache);
			if (!this.#running.every(isWaiting)) {
				this.#clock.begin();
				this.#step();
				if (this.#running.length > 0) {
					this.#keptLimit.whileWorking(this.#cache);
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
		if (this.#running.length === 0 && this.#queue.size === 0) {
			this.#clock.end();
			this.#saveWhileIdle();
		} else if (this.#running.length === 0 || !this.#running.every(isWaiting)) {
			this.#schedule();
		}
	}

	#saveWhileIdle(): void {
		const outcome = this.#keptLimit.whileIdle(this.#cache);
		if (outcome === "moved") {
			this.#schedule();
		} else if (outcome === "later") {
			void this.#parts.mover?.written().then(() => this.#schedule());
		}
	}

	/** Gives waiting requests a sequence, in turn, while the cache has room for them and some growth. */
	#admit(): void {
		const { context, now } = this.#parts;
		for (let next = this.#queue.first; next !== undefined && !this.#isCrowded && this.#free > 0; next = this.#queue.first) {
			const opened = this.#cache.open(next.tokens, next.length);
			if (opened === null) {
				return;
			}
			const cells = this.#cache.workingCells + next.length - opened.computed;
			if (this.#running.length > 0 && cells + Math.min(context.contextTokens >> 3, 256) > context.contextTokens) {
				this.#cache.close(opened.sequence, next.tokens, opened.computed);
				this.#isCrowded = true;
				return;
			}
			this.#queue.shift();
			const running: Running = {
				...opened,
				generation: next,
				startedAtMs: now(),
				leader: null,
				awaited: 0,
				restore: null,
				pace: new DraftPace(),
			};
			this.#beginnings.find(running, this.#running);
			this.#running = [...this.#running, running];
		}
	}

	/** What the sequence holds stays for a later prompt that begins alike. */
	#release(running: Running): void {
		const { generation, sequence, computed, startedAtMs } = running;
		this.#running = this.#running.filter((other) => other !== running);
		this.#cache.close(sequence, generation.tokens, computed);
		this.#wait.record(this.#parts.now() - startedAtMs);
		this.#isCrowded = false;
	}

	#step(): void {
		const { context, budget, now } = this.#parts;
		const startMs = now();
		const step = fillStep(context, budget, this.#running, this.#drafts());
		for (const { running } of step.shares) {
			running.generation.start(running.computed, startMs);
		}
		const decodeAtMs = now();
		const outcome = context.decode();
		if (outcome === "full") {
			this.#makeRoom();
			return;
		}
		if (outcome === "failed") {
			this.#recover(step);
			return;
		}
		this.#clock.record({ ...step, decodeMs: now() - decodeAtMs });
		let generated = 0;
		for (const share of step.shares) {
			const taken = takeShare(context, this.#cache, share, now);
			generated += taken.tokens;
			if (taken.hasEnded) {
				this.#release(share.running);
			}
		}
		this.#learn(step, generated, now() - startMs);
	}

	#drafts(): ReadonlyMap<Running, readonly number[]> {
		const { drafter, context } = this.#parts;
		const answers = this.#running.filter(isAnswering);
		if (drafter === null || answers.length === 0) {
			return new Map();
		}
		const room = context.contextTokens - this.#cache.workingCells - this.#cache.keptCells - answers.length;
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

	#makeRoom(): void {
		if (this.#cache.dropOldest()) {
			return;
		}
		const newest = this.#running.at(-1);
		if (this.#running.length < 2 || newest === undefined) {
			throw new Error("The cache has no room for a single request.");
		}
		this.#running = this.#running.slice(0, -1);
		this.#cache.forget(newest.sequence);
		this.#queue.putBack(newest.generation);
		this.#isCrowded = true;
	}

	/** Ends the request that asked for the most, takes the memory anew, and computes the others again. */
	#recover({ shares }: FilledStep): void {
		const victim = shares.reduce((most, share) => (share.tokens >= most.tokens ? share : most)).running;
		const others = this.#running.filter((running) => running !== victim);
		this.#running = [];
		for (const { generation } of others.toReversed()) {
			this.#queue.putBack(generation);
		}
		this.#isCrowded = false;
		this.#parts.context.rebuild();
		this.#cache = new PrefixCache(this.#parts.context);
		const message = "The model ran out of memory at this request. Ask again later, or with a shorter prompt.";
		victim.generation.fail("insufficient_memory", message);
	}
}
