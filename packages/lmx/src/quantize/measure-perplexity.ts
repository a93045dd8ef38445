import type { Vocabulary } from "../engine/context/inference-context.ts";
import { type LibllamaContext, openContext } from "../engine/context/libllama-context.ts";
import { loadModel } from "../engine/context/libllama-model.ts";
import { findLibrary } from "../engine/library/find-library.ts";
import { bindLibllama } from "../engine/library/libllama.ts";
import type { Backend } from "../engine/library/platform-build.ts";
import type { Perplexity } from "./quantize-messages.ts";

/** Tokens read together; their scores take this many rows of memory. */
const stepTokens = 64;
const windowTokens = 512;
/** Of the smoke test. */
const startTokens = 8;
const writtenTokens = 8;

/** Minus the natural logarithm of the probability of `token`. */
function surprise(scores: Float32Array, token: number): number {
	let max = Number.NEGATIVE_INFINITY;
	for (const score of scores) {
		max = Math.max(max, score);
	}
	let sum = 0;
	for (const score of scores) {
		sum += Math.exp(score - max);
	}
	return Math.log(sum) + max - (scores[token] ?? Number.NEGATIVE_INFINITY);
}

function mostLikely(scores: Float32Array): number {
	let best = 0;
	for (let token = 1; token < scores.length; token++) {
		best = (scores[token] ?? 0) > (scores[best] ?? 0) ? token : best;
	}
	return best;
}

/** Lets the model write a few tokens after the first ones of the text; throws where it cannot. */
function writeFew(context: LibllamaContext, vocabulary: Vocabulary, start: Int32Array): void {
	context.trim(0, 0);
	let next = [...start.subarray(0, startTokens)];
	let position = 0;
	for (let written = 0; written < writtenTokens; written++) {
		const rows = next.map((token, offset) => context.add(token, position + offset, 0, offset === next.length - 1));
		position += next.length;
		if (context.decode() !== "done") {
			throw new Error("the model does not write");
		}
		const token = mostLikely(context.logits(rows.at(-1) ?? 0));
		if (vocabulary.isEndOfGeneration(token)) {
			return;
		}
		vocabulary.piece(token);
		next = [token];
	}
}

/**
 * Perplexity of a model on a text, as llama-perplexity defines it: windows of up to 512 tokens, of which the second half
 * is scored. It is a smoke test too: it throws where the model cannot be loaded, does not write, or gives no number.
 */
export function measurePerplexity(
	file: string,
	text: string,
	options: { threads: number; backend: Backend; onProgress: (fraction: number) => void },
): Perplexity {
	const lib = bindLibllama(findLibrary(options.backend));
	const model = loadModel(lib, file, options.backend === "cpu" ? 0 : null);
	if (model === null) {
		throw new Error("the model cannot be loaded");
	}
	const window = Math.min(windowTokens, model.trainedContextTokens);
	const context = openContext(lib, model, { contextTokens: window, sequences: 1, poolThreads: options.threads, draftTokens: stepTokens });
	if (context === null) {
		throw new Error("there is not enough memory for a context");
	}
	const tokens = model.vocabulary.tokenize(text, { special: false, begin: model.vocabulary.addsBegin });
	const windows = Math.max(1, Math.floor(tokens.length / window));
	let total = 0;
	let scored = 0;
	for (let index = 0; index < windows; index++) {
		const part = tokens.subarray(index * window, Math.min(tokens.length, (index + 1) * window));
		const firstScored = Math.floor(part.length / 2);
		context.trim(0, 0);
		for (let from = 0; from < part.length; from += stepTokens) {
			const piece = part.subarray(from, from + stepTokens);
			const rows = [...piece].map((token, offset) => context.add(token, from + offset, 0, from + offset >= firstScored));
			if (context.decode() !== "done") {
				throw new Error("the model does not read the text");
			}
			for (const [offset, row] of rows.entries()) {
				const next = part[from + offset + 1];
				if (from + offset >= firstScored && next !== undefined) {
					total += surprise(context.logits(row), next);
					scored++;
				}
			}
			options.onProgress((index + (from + piece.length) / part.length) / windows);
		}
	}
	const value = Math.exp(total / scored);
	if (!Number.isFinite(value)) {
		throw new Error("the model gives no probabilities");
	}
	writeFew(context, model.vocabulary, tokens);
	return { value, tokens: scored };
}
