import type { InferenceContext } from "../engine/context/inference-context.ts";
import { byteVocabulary, endToken } from "./byte-vocabulary.ts";

/** What a step contained, for checks. */
export interface FakeStep {
	readonly sequences: readonly number[];
	readonly tokens: number;
	readonly outputs: number;
}

/** How a fake model is made. */
export interface FakeContextOptions {
	readonly contextTokens?: number;
	readonly sequences?: number;
	readonly batchTokens?: number;
	readonly keepsPrefixes?: boolean;
	/** The whole answer to a prompt. */
	readonly answer: (prompt: string) => string;
}

/** A cell of the cache; sequences that share it hold the same object. */
interface Cell {
	readonly token: number;
	readonly position: number;
}

interface Row extends Cell {
	readonly sequence: number;
	readonly wantsLogits: boolean;
}

/** A model that answers with the bytes of `answer(prompt)` and then ends; it checks what a real cache demands. */
export class FakeContext implements InferenceContext {
	readonly keepsPrefixes: boolean;
	readonly contextTokens: number;
	readonly sequences: number;
	readonly cacheSequences: number;
	readonly batchTokens: number;
	readonly batchOutputs: number;
	readonly steps: FakeStep[] = [];
	/** Tokens of all steps. */
	computedTokens = 0;
	/** So many of the next steps fail. */
	failingSteps = 0;
	/** How often the memory was taken anew. */
	rebuilds = 0;
	readonly #answer: (prompt: string) => string;
	#cells: Map<number, Cell>[];
	readonly #rows: Row[] = [];
	#logits = new Map<number, Float32Array>();

	constructor(options: FakeContextOptions) {
		this.contextTokens = options.contextTokens ?? 4096;
		this.sequences = options.sequences ?? 8;
		this.batchTokens = options.batchTokens ?? 64;
		this.batchOutputs = this.batchTokens;
		this.keepsPrefixes = options.keepsPrefixes ?? true;
		this.cacheSequences = this.keepsPrefixes ? this.sequences * 2 + 2 : this.sequences;
		this.#answer = options.answer;
		this.#cells = this.#emptyCells();
	}

	/** Cells in use. */
	get usedCells(): number {
		return new Set(this.#cells.flatMap((cells) => [...cells.values()])).size;
	}

	/** Tokens that a sequence holds, by position. */
	tokensOf(sequence: number): number[] {
		return [...this.#of(sequence).values()].sort((a, b) => a.position - b.position).map(({ token }) => token);
	}

	add(token: number, position: number, sequence: number, wantsLogits: boolean): number {
		return this.#rows.push({ token, position, sequence, wantsLogits }) - 1;
	}

	decode(): "done" | "full" | "failed" {
		const rows = this.#rows.splice(0);
		if (rows.length === 0 || rows.length > this.batchTokens) {
			throw new Error(`A step of ${rows.length} tokens.`);
		}
		if (this.failingSteps > 0) {
			this.failingSteps--;
			return "failed";
		}
		if (this.usedCells + rows.length > this.contextTokens) {
			return "full";
		}
		this.#logits = new Map();
		rows.forEach(({ token, position, sequence, wantsLogits }, row) => {
			const cells = this.#of(sequence);
			if (position !== cells.size || (position > 0 && !cells.has(position - 1))) {
				throw new Error(`Position ${position} of sequence ${sequence} follows ${cells.size} tokens.`);
			}
			cells.set(position, { token, position });
			if (wantsLogits) {
				this.#logits.set(row, this.#next(this.tokensOf(sequence)));
			}
		});
		this.computedTokens += rows.length;
		this.steps.push({
			sequences: [...new Set(rows.map((row) => row.sequence))],
			tokens: rows.length,
			outputs: rows.filter((row) => row.wantsLogits).length,
		});
		return "done";
	}

	logits(row: number): Float32Array {
		const scores = this.#logits.get(row);
		if (scores === undefined) {
			throw new Error(`Row ${row} has no scores.`);
		}
		return scores;
	}

	trim(sequence: number, fromPosition: number): boolean {
		const isPossible = this.keepsPrefixes || fromPosition === 0 || fromPosition >= this.#of(sequence).size;
		this.#remove(sequence, isPossible ? fromPosition : 0, Number.POSITIVE_INFINITY);
		return isPossible;
	}

	drop(sequence: number, from: number, to: number): void {
		this.#remove(sequence, from, to);
	}

	share(source: number, target: number, from: number, to: number): void {
		for (const [position, cell] of this.#of(source)) {
			if (position >= from && position < to) {
				if (this.#of(target).has(position)) {
					throw new Error(`Sequence ${target} holds position ${position} already.`);
				}
				this.#of(target).set(position, cell);
			}
		}
	}

	canContinue(): boolean {
		return true;
	}

	saveState(sequence: number): Uint8Array<ArrayBuffer> {
		return new TextEncoder().encode(JSON.stringify([...this.#of(sequence).values()]));
	}

	restoreState(sequence: number, state: Uint8Array): boolean {
		const cells: Cell[] = JSON.parse(Buffer.from(state).toString());
		if (this.usedCells + cells.length > this.contextTokens) {
			return false;
		}
		this.#cells[sequence] = new Map(cells.map((cell) => [cell.position, cell]));
		return true;
	}

	rebuild(): void {
		this.rebuilds++;
		this.#cells = this.#emptyCells();
	}

	#emptyCells(): Map<number, Cell>[] {
		return Array.from({ length: this.cacheSequences }, () => new Map());
	}

	#of(sequence: number): Map<number, Cell> {
		const cells = this.#cells[sequence];
		if (cells === undefined) {
			throw new Error(`There is no sequence ${sequence}.`);
		}
		return cells;
	}

	#remove(sequence: number, from: number, to: number): void {
		for (const position of this.#of(sequence).keys()) {
			if (position >= from && position < to) {
				this.#of(sequence).delete(position);
			}
		}
	}

	/** The prompt ends at its first line break; what follows is the answer so far. */
	#next(tokens: readonly number[]): Float32Array {
		const end = tokens.indexOf(10);
		const answer = Buffer.from(this.#answer(Buffer.from(tokens.slice(0, end)).toString()));
		const scores = new Float32Array(byteVocabulary.size);
		scores[answer[tokens.length - end - 1] ?? endToken] = 1;
		return scores;
	}
}
