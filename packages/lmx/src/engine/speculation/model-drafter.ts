import type { InferenceContext } from "../context/inference-context.ts";
import { argMax } from "../sampling/top-candidates.ts";
import type { Drafter, DraftRequest } from "./drafter.ts";

/** Tokens that the small model reads in one step at most, so that a long prompt does not hold up other answers. */
const readTokens = 64;

/** Tokens that a sequence of the small model holds. */
interface Held {
	tokens: Int32Array;
	length: number;
}

function commonLength(held: Held, { tokens, length }: DraftRequest): number {
	const limit = Math.min(held.length, length - 1);
	let common = 0;
	while (common < limit && held.tokens[common] === tokens[common]) {
		common++;
	}
	return common;
}

/** A request with the sequence that the small model has for it. */
interface Guessing {
	readonly request: DraftRequest;
	readonly draft: number[];
	/** Tokens that the sequence holds; the guesses follow them. */
	computed: number;
}

/**
 * Guesses with a smaller model that has the same words and keeps prefixes; its context has the same sequences
 * as that of the large one. A prompt is read a little in every step, and guessed from when it has been read.
 */
export class ModelDrafter implements Drafter {
	readonly #context: InferenceContext;
	readonly #held = new Map<number, Held>();
	/** The step could not be computed, and everything was dropped. */
	#isLost = false;

	constructor(context: InferenceContext) {
		this.#context = context;
	}

	propose(requests: readonly DraftRequest[]): readonly (readonly number[])[] {
		this.#isLost = false;
		this.#forgetOthers(requests);
		const all = requests.map((request): Guessing => ({ request, draft: [], computed: this.#rewind(request) }));
		const caughtUp = all.filter((guessing) => this.#read(guessing));
		for (let round = 0; ; round++) {
			const going = caughtUp.filter(({ request, draft }) => draft.length === round && round < request.most);
			if (going.length === 0 || !this.#guess(going)) {
				break;
			}
		}
		if (this.#isLost) {
			return requests.map(() => []);
		}
		for (const { request, draft, computed } of all) {
			const tokens = new Int32Array(Math.max(request.length, computed) + draft.length);
			tokens.set(request.tokens.subarray(0, request.length));
			tokens.set(draft, request.length);
			this.#held.set(request.sequence, { tokens, length: computed });
		}
		return all.map(({ draft }) => draft);
	}

	#forgetOthers(requests: readonly DraftRequest[]): void {
		for (const sequence of [...this.#held.keys()]) {
			if (requests.every((request) => request.sequence !== sequence)) {
				this.#context.trim(sequence, 0);
				this.#held.delete(sequence);
			}
		}
	}

	/** Drops what another request left, or what was guessed wrongly; gives what remains. */
	#rewind(request: DraftRequest): number {
		const held = this.#held.get(request.sequence);
		const common = held === undefined ? 0 : commonLength(held, request);
		this.#context.trim(request.sequence, common);
		return common;
	}

	/** Reads the text up to its last token, in part when it is long; true when only the last one is left. */
	#read(guessing: Guessing): boolean {
		const { request } = guessing;
		const end = Math.min(request.length - 1, guessing.computed + readTokens);
		if (end > guessing.computed) {
			for (let position = guessing.computed; position < end; position++) {
				this.#context.add(request.tokens[position] as number, position, request.sequence, false);
			}
			if (!this.#decode()) {
				return false;
			}
			guessing.computed = end;
		}
		return end === request.length - 1;
	}

	/** One more token for each. */
	#guess(going: readonly Guessing[]): boolean {
		const rows = going.map(({ request, draft, computed }) =>
			this.#context.add(draft.at(-1) ?? (request.tokens[request.length - 1] as number), computed, request.sequence, true),
		);
		if (!this.#decode()) {
			return false;
		}
		for (const [index, guessing] of going.entries()) {
			guessing.computed++;
			guessing.draft.push(argMax(this.#context.logits(rows[index] as number)));
		}
		return true;
	}

	/** False when there is no room or no memory: then everything is forgotten, and nothing guessed in this step. */
	#decode(): boolean {
		const outcome = this.#context.decode();
		if (outcome === "done") {
			return true;
		}
		if (outcome === "failed") {
			this.#context.rebuild();
		}
		for (let sequence = 0; sequence < this.#context.cacheSequences; sequence++) {
			this.#context.trim(sequence, 0);
		}
		this.#held.clear();
		this.#isLost = true;
		return false;
	}
}
