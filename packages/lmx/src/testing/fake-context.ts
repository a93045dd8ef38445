import type { InferenceContext } from "../engine/context/inference-context.ts";
import { byteVocabulary, endToken } from "./byte-vocabulary.ts";

/** What a step contained, for checks. */
export interface FakeStep {
	readonly sequences: readonly number[];
	readonly tokens: number;
	readonly outputs: number;
}

/** A model that answers with the bytes of `answer(prompt)` and then ends; it checks what a real cache demands. */
export class FakeContext implements InferenceContext {
	readonly keepsPrefixes = true;
	readonly contextTokens: number;
	readonly sequences: number;
	readonly batchTokens: number;
	readonly steps: FakeStep[] = [];
	/** Tokens of all steps. */
	computedTokens = 0;
	readonly #answer: (prompt: string) => string;
	readonly #cells: number[][];
	readonly #rows: { token: number; position: number; sequence: number; wantsLogits: boolean }[] = [];
	#logits = new Map<number, Float32Array>();

	constructor(options: { contextTokens?: number; sequences?: number; batchTokens?: number; answer: (prompt: string) => string }) {
		this.contextTokens = options.contextTokens ?? 4096;
		this.sequences = options.sequences ?? 8;
		this.batchTokens = options.batchTokens ?? 64;
		this.#answer = options.answer;
		this.#cells = Array.from({ length: this.sequences }, () => []);
	}

	/** Cells in use, as if nothing were shared. */
	get usedCells(): number {
		return this.#cells.reduce((sum, cells) => sum + cells.length, 0);
	}

	add(token: number, position: number, sequence: number, wantsLogits: boolean): number {
		return this.#rows.push({ token, position, sequence, wantsLogits }) - 1;
	}

	decode(): "done" | "full" {
		const rows = this.#rows.splice(0);
		if (rows.length === 0 || rows.length > this.batchTokens) {
			throw new Error(`A step of ${rows.length} tokens.`);
		}
		if (this.usedCells + rows.length > this.contextTokens) {
			return "full";
		}
		this.#logits = new Map();
		rows.forEach(({ token, position, sequence, wantsLogits }, row) => {
			const cells = this.#cells[sequence] ?? [];
			if (position !== cells.length) {
				throw new Error(`Position ${position} of sequence ${sequence} follows ${cells.length} tokens.`);
			}
			cells.push(token);
			if (wantsLogits) {
				this.#logits.set(row, this.#next(cells));
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
		this.#cells[sequence]?.splice(fromPosition);
		return true;
	}

	copyPrefix(source: number, target: number, tokens: number): void {
		if ((this.#cells[target]?.length ?? 0) > 0) {
			throw new Error("A copy into a sequence that is not empty.");
		}
		this.#cells[target] = (this.#cells[source] ?? []).slice(0, tokens);
	}

	/** The prompt ends at its first line break; what follows is the answer so far. */
	#next(cells: readonly number[]): Float32Array {
		const end = cells.indexOf(10);
		const answer = Buffer.from(this.#answer(Buffer.from(cells.slice(0, end)).toString()));
		const scores = new Float32Array(byteVocabulary.size);
		scores[answer[cells.length - end - 1] ?? endToken] = 1;
		return scores;
	}
}
