import type { StepCounters } from "@opta/contracts/schema/lmx-status";
import type { InferenceContext, Vocabulary } from "../context/inference-context.ts";
import { createPieceTexts, type PieceTexts } from "../text/token-text.ts";
import { chooseSlot } from "./choose-slot.ts";
import { Generation, type GenerationListener, type GenerationRequest } from "./generation.ts";
import { emptySlot, ownCells, type Slot } from "./slot.ts";
import { type StepBudget, shareBudget } from "./step-budget.ts";
import { Throughput } from "./throughput.ts";

/** What the scheduler works with. */
export interface SchedulerParts {
	readonly context: InferenceContext;
	readonly vocabulary: Vocabulary;
	readonly budget: StepBudget;
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

/** Load of the scheduler. */
export interface SchedulerLoad {
	readonly active: number;
	readonly queued: number;
	readonly tokensPerSecond: number | null;
	readonly promptTokensPerSecond: number | null;
	/** How long a request that comes now would wait for a place; null while nothing was measured. */
	readonly expectedWaitMs: number | null;
	readonly steps: StepCounters;
}

/** A slot's part of a step. */
interface Share {
	readonly slot: Slot;
	readonly generation: Generation;
	readonly tokens: number;
	/** Row of the scores; null while the prompt goes on in the next step. */
	readonly row: number | null;
}

/**
 * Runs all requests of a model in one batch per step: one token of each answer, and as many prompt tokens as
 * the step's budget allows. Requests beyond the number of sequences wait in order. When the cache is full,
 * idle caches go first; then the newest request gives its place back and is computed again later: nothing
 * accepted is lost.
 */
export class Scheduler {
	readonly #parts: SchedulerParts;
	readonly #pieceTexts: PieceTexts;
	readonly #slots: readonly Slot[];
	readonly #generated = new Throughput();
	readonly #prompts = new Throughput();
	/** In order of arrival. */
	readonly #queue: Generation[] = [];
	readonly #counters = { generating: 0, answers: 0, promptTokens: 0, decodeMs: 0, workMs: 0 };
	/** When work began; null while there is none. */
	#workSinceMs: number | null = null;
	#uses = 0;
	/** A request gave its place back for want of room; until another one ends, nobody is let in. */
	#isCrowded = false;
	#isScheduled = false;
	#isBroken = false;

	constructor(parts: SchedulerParts) {
		this.#parts = parts;
		this.#pieceTexts = createPieceTexts(parts.vocabulary);
		this.#slots = Array.from({ length: parts.context.sequences }, (_, sequence) => emptySlot(sequence));
	}

	/** Takes a request, whose prompt must be shorter than the context. False when too many wait already. */
	submit(request: GenerationRequest, listener: GenerationListener): boolean {
		const free = this.#slots.filter((slot) => slot.generation === null).length;
		if (this.#queue.length >= free + this.#parts.queueLimit) {
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
		const waiting = this.#queue.findIndex((generation) => generation.request.id === id);
		if (waiting !== -1) {
			this.#queue.splice(waiting, 1);
			return;
		}
		const slot = this.#slots.find(({ generation }) => generation?.request.id === id);
		if (slot !== undefined) {
			this.#release(slot);
		}
	}

	/** How busy the model is. */
	load(): SchedulerLoad {
		return {
			active: this.#slots.filter((slot) => slot.generation !== null).length,
			queued: this.#queue.length,
			tokensPerSecond: this.#generated.perSecond,
			promptTokensPerSecond: this.#prompts.perSecond,
			expectedWaitMs: null,
			steps: {
				...this.#counters,
				workMs: this.#counters.workMs + (this.#workSinceMs === null ? 0 : this.#parts.now() - this.#workSinceMs),
			},
		};
	}

	#schedule(): void {
		if (!this.#isScheduled && !this.#isBroken) {
			this.#isScheduled = true;
			this.#workSinceMs ??= this.#parts.now();
			this.#parts.defer(() => {
				this.#isScheduled = false;
				this.#run();
			});
		}
	}

	#run(): void {
		try {
			this.#admit();
			if (this.#slots.some((slot) => slot.generation !== null)) {
				this.#step();
			}
		} catch (error) {
			this.#isBroken = true;
			this.#parts.onBroken(error);
			return;
		}
		this.#parts.onStep();
		if (this.#queue.length > 0 || this.#slots.some((slot) => slot.generation !== null)) {
			this.#schedule();
		} else {
			this.#counters.workMs += this.#parts.now() - (this.#workSinceMs ?? 0);
			this.#workSinceMs = null;
		}
	}

	/** Gives waiting requests a sequence, in order, while the cache has room for them and some growth. */
	#admit(): void {
		const { context, now } = this.#parts;
		for (let next = this.#queue[0]; next !== undefined && !this.#isCrowded; next = this.#queue[0]) {
			const choice = chooseSlot(this.#slots, next.tokens.subarray(0, next.length), context.keepsPrefixes);
			if (choice === null) {
				return;
			}
			const busy = this.#slots.filter((slot) => slot.generation !== null);
			const cells = busy.reduce((sum, slot) => sum + ownCells(slot), 0) + next.length - (choice.donor === null ? 0 : choice.reused);
			if (busy.length > 0 && cells + Math.min(context.contextTokens >> 3, 256) > context.contextTokens) {
				return;
			}
			this.#queue.shift();
			this.#take(choice.slot, next, choice.reused, choice.donor);
			next.start(choice.slot.computed, now());
			this.#forgetOld();
		}
	}

	#take(slot: Slot, generation: Generation, reused: number, donor: Slot | null): void {
		const { context } = this.#parts;
		if (donor !== null) {
			context.trim(slot.sequence, 0);
			context.copyPrefix(donor.sequence, slot.sequence, reused);
			slot.shared = reused;
		} else {
			slot.shared = Math.min(slot.shared, reused);
		}
		const kept = donor !== null || reused === slot.computed || context.trim(slot.sequence, reused);
		slot.computed = kept ? reused : 0;
		slot.generation = generation;
		slot.lastUsed = ++this.#uses;
	}

	/** What the sequence holds stays for a later prompt that begins alike. */
	#release(slot: Slot): void {
		slot.tokens = slot.generation?.tokens ?? slot.tokens;
		slot.generation = null;
		this.#isCrowded = false;
		slot.lastUsed = ++this.#uses;
	}

	/**
	 * Every step reads past all cells in use, also those of idle sequences. So of these only the last used one
	 * is kept whatever its length, and others while they are short together.
	 */
	#forgetOld(): void {
		const idle = this.#slots.filter((slot) => slot.generation === null && slot.computed > 0).sort((a, b) => b.lastUsed - a.lastUsed);
		const limit = this.#parts.context.contextTokens >> 3;
		let cells = 0;
		for (const [index, slot] of idle.entries()) {
			cells += ownCells(slot);
			if (index > 0 && cells > limit) {
				this.#empty(slot);
			}
		}
	}

	#empty(slot: Slot): void {
		this.#parts.context.trim(slot.sequence, 0);
		slot.computed = 0;
		slot.shared = 0;
	}

	#fill(): { shares: Share[]; promptTokens: number; generating: number } {
		const { context, budget } = this.#parts;
		const answers: { slot: Slot; generation: Generation }[] = [];
		const prompts: { slot: Slot; generation: Generation }[] = [];
		for (const slot of this.#slots) {
			const { generation } = slot;
			if (generation !== null) {
				(generation.hasBegun && generation.length - slot.computed === 1 ? answers : prompts).push({ slot, generation });
			}
		}
		const needs = prompts.map(({ slot, generation }) => generation.length - slot.computed);
		const sizes = prompts.length === 0 ? [] : shareBudget(needs, budget.promptTokens(answers.length));
		let promptTokens = 0;
		const shares: Share[] = [];
		const add = (slot: Slot, generation: Generation, tokens: number): void => {
			const end = slot.computed + tokens;
			let row: number | null = null;
			for (let position = slot.computed; position < end; position++) {
				const isLast = position === generation.length - 1;
				const added = context.add(generation.tokens[position] as number, position, slot.sequence, isLast);
				row = isLast ? added : null;
			}
			shares.push({ slot, generation, tokens, row });
		};
		for (const { slot, generation } of answers) {
			add(slot, generation, 1);
		}
		prompts.forEach(({ slot, generation }, index) => {
			const tokens = sizes[index] ?? 0;
			promptTokens += tokens;
			if (tokens > 0) {
				add(slot, generation, tokens);
			}
		});
		return { shares, promptTokens, generating: answers.length };
	}

	#step(): void {
		const { context, budget, now } = this.#parts;
		const startMs = now();
		const { shares, promptTokens, generating } = this.#fill();
		const decodeAtMs = now();
		if (context.decode() === "full") {
			this.#makeRoom();
			return;
		}
		this.#counters.decodeMs += now() - decodeAtMs;
		this.#counters.promptTokens += promptTokens;
		this.#counters.answers += generating;
		this.#counters.generating += generating > 0 ? 1 : 0;
		for (const { slot, generation, tokens, row } of shares) {
			slot.computed += tokens;
			slot.tokens = generation.tokens;
			if (row !== null && generation.accept(generation.request.sampler(context.logits(row)), now())) {
				this.#release(slot);
			}
		}
		const ms = now() - startMs;
		budget.record({ ms, promptTokens, generating });
		if (generating > 0) {
			this.#generated.record(generating, ms);
		}
		if (promptTokens > 0) {
			this.#prompts.record(promptTokens, ms);
		}
	}

	#makeRoom(): void {
		const byUse = [...this.#slots].sort((a, b) => a.lastUsed - b.lastUsed);
		const idle = byUse.find((slot) => slot.generation === null && slot.computed > 0);
		if (idle !== undefined) {
			this.#empty(idle);
			return;
		}
		const busy = byUse.filter((slot) => slot.generation !== null);
		const newest = busy.at(-1);
		if (busy.length < 2 || newest?.generation == null) {
			throw new Error("The cache has no room for a single request.");
		}
		this.#queue.unshift(newest.generation);
		newest.generation = null;
		this.#empty(newest);
		this.#isCrowded = true;
	}
}
