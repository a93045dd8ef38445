import type { PromptProgress } from "@opta/contracts/schema/lmx-chat";
import type { PrefixMover } from "../engine/cache/prefix-mover.ts";
import type { Priority } from "../engine/engine-messages.ts";
import type { GenerationResult } from "../engine/scheduler/generation.ts";
import { Scheduler } from "../engine/scheduler/scheduler.ts";
import { StepBudget } from "../engine/scheduler/step-budget.ts";
import type { Drafter } from "../engine/speculation/drafter.ts";
import { byteVocabulary } from "./byte-vocabulary.ts";
import type { FakeContext } from "./fake-context.ts";
import { plainSampling } from "./plain-sampling.ts";

/** What a request got. */
export interface Heard {
	text: string;
	result: GenerationResult | null;
	error: string | null;
	/** How far its prompt was read, step by step. */
	readonly progress: PromptProgress[];
}

/** What a request asks for beside its prompt. */
export interface Asking {
	readonly maxTokens?: number;
	readonly stops?: string[];
	readonly priority?: Priority;
	readonly client?: string;
}

/** A scheduler whose steps are run by hand; by its clock every token takes 10 ms. */
export function schedulerBench(context: FakeContext, options: { queueLimit?: number; mover?: PrefixMover; drafter?: Drafter } = {}) {
	let next: (() => void) | null = null;
	const broken: unknown[] = [];
	const scheduler = new Scheduler({
		context,
		vocabulary: byteVocabulary,
		budget: new StepBudget({ whileGeneratingMs: 150, mostWhileGeneratingMs: 150, whileReadingMs: 500 }, context.batchTokens, 10),
		mover: options.mover ?? null,
		drafter: options.drafter ?? null,
		queueLimit: options.queueLimit ?? 100,
		now: () => context.computedTokens * 10,
		defer: (step) => {
			next = step;
		},
		onStep: () => undefined,
		onBroken: (error) => broken.push(error),
	});
	const heard = new Map<string, Heard>();
	return {
		scheduler,
		broken,
		heard,
		ask(id: string, prompt: string, extra: Asking = {}): boolean {
			const entry: Heard = { text: "", result: null, error: null, progress: [] };
			const accepted = scheduler.submit(
				{
					id,
					prompt: Int32Array.from(Buffer.from(`${prompt}\n`)),
					maxTokens: extra.maxTokens ?? 1000,
					sampling: { ...plainSampling, temperature: 0 },
					grammar: null,
					logprobs: null,
					thinking: null,
					stops: extra.stops ?? [],
					priority: extra.priority ?? "normal",
					client: extra.client ?? "somebody",
				},
				{
					onProgress: (progress) => {
						entry.progress.push(progress);
					},
					onText: (text) => {
						entry.text += text;
					},
					onEnd: (result) => {
						entry.result = result;
					},
					onError: (code) => {
						entry.error = code;
					},
				},
			);
			if (accepted) {
				heard.set(id, entry);
			}
			return accepted;
		},
		/** Runs one step; false when nothing is left to do. */
		step(): boolean {
			const step = next;
			next = null;
			step?.();
			return step !== null;
		},
		runAll(): void {
			for (let steps = 0; this.step(); steps++) {
				if (steps > 20_000) {
					throw new Error("It never ends.");
				}
			}
		},
	};
}
