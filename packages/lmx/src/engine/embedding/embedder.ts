import type { Pooling } from "../context/libllama-model.ts";
import { RefusalError } from "../refusal.ts";
import type { EmbeddingContext, OpenEmbeddingContext } from "./embedding-context.ts";

/** An unused context is given back after this. */
const idleMs = 60_000;
/** Smaller contexts are not worth making a second one later. */
const leastContextTokens = 512;

/** What an embedder works with. */
export interface EmbedderParts {
	readonly open: OpenEmbeddingContext;
	readonly pooling: Pooling;
	/** The longest input. */
	readonly inputTokens: number;
	/** Tokens that the next step may compute without holding up running answers. */
	readonly stepTokens: () => number;
	/** Lets waiting messages and running answers have their turn; `setImmediate` outside of tests. */
	readonly defer: (next: () => void) => void;
}

/** Inputs that are computed together. */
type Group = readonly Int32Array[];

function normalise(vector: Float32Array): number[] {
	const length = Math.hypot(...vector);
	return Array.from(vector, (value) => (length === 0 ? 0 : value / length));
}

/** Computes vectors of texts, and scores of pairs of texts; one request after the other. */
export class Embedder {
	readonly #parts: EmbedderParts;
	#context: EmbeddingContext | null = null;
	#idle: NodeJS.Timeout | undefined;
	/** Settles when the requests before have ended. */
	#before: Promise<unknown> = Promise.resolve();

	constructor(parts: EmbedderParts) {
		this.#parts = parts;
	}

	/** Vectors of length 1, one per input. Throws RefusalError. */
	async embed(inputs: readonly Int32Array[], signal: AbortSignal): Promise<number[][]> {
		if (this.#parts.pooling === "rank") {
			throw new RefusalError(
				"invalid_request",
				"This model scores documents for a query; it makes no embeddings. Use /v1/rerank, or another model.",
				{
					param: "model",
				},
			);
		}
		return (await this.#run(inputs, "input", signal)).map(normalise);
	}

	/** One score per input, which is a query with a document. Throws RefusalError. */
	async score(inputs: readonly Int32Array[], signal: AbortSignal): Promise<number[]> {
		if (this.#parts.pooling !== "rank") {
			throw new RefusalError("invalid_request", "This model cannot score documents. Choose a reranker, such as bge-reranker.", {
				param: "model",
			});
		}
		return (await this.#run(inputs, "documents", signal)).map(([score = 0]) => score);
	}

	/** Gives the memory back at once. */
	close(): void {
		clearTimeout(this.#idle);
		this.#context?.close();
		this.#context = null;
	}

	#run(inputs: readonly Int32Array[], param: string, signal: AbortSignal): Promise<Float32Array[]> {
		inputs.forEach((input, index) => {
			this.#checkLength(input, `${param}[${index}]`);
		});
		const result = this.#before.then(() => this.#compute(inputs, signal));
		this.#before = result.catch(() => undefined);
		return result;
	}

	#checkLength({ length }: Int32Array, param: string): void {
		const { inputTokens } = this.#parts;
		if (length === 0) {
			throw new RefusalError("invalid_request", "An empty text has no vector. Send some text.", { param });
		}
		if (length > inputTokens) {
			const message = `This text has ${length} tokens, but this model reads ${inputTokens} at once. Cut it into shorter ones.`;
			throw new RefusalError("context_length_exceeded", message, { param, details: { promptTokens: length, contextTokens: inputTokens } });
		}
	}

	async #compute(inputs: readonly Int32Array[], signal: AbortSignal): Promise<Float32Array[]> {
		signal.throwIfAborted();
		clearTimeout(this.#idle);
		const vectors: Float32Array[] = [];
		try {
			const context = this.#contextFor(Math.max(...inputs.map(({ length }) => length)));
			for (const group of groupInputs(inputs, context)) {
				vectors.push(
					...(context.stepTokens === null
						? this.#wholeVectors(context, group)
						: await this.#pooledVectors(context, group, context.stepTokens, signal)),
				);
				context.clear();
				await this.#giveWay(signal);
			}
		} catch (error) {
			this.close();
			throw error;
		}
		this.#idle = setTimeout(() => this.close(), idleMs).unref();
		return vectors;
	}

	#contextFor(longest: number): EmbeddingContext {
		if (this.#context !== null && this.#context.contextTokens >= longest) {
			return this.#context;
		}
		this.close();
		const tokens = Math.min(this.#parts.inputTokens, Math.max(leastContextTokens, 2 ** Math.ceil(Math.log2(longest))));
		this.#context = this.#parts.open(tokens);
		if (this.#context === null) {
			throw new RefusalError(
				"insufficient_memory",
				`There is not enough memory to read ${longest} tokens at once. Send a shorter text, or unload another model.`,
			);
		}
		return this.#context;
	}

	#wholeVectors(context: EmbeddingContext, group: Group): Float32Array[] {
		group.forEach((input, sequence) => {
			input.forEach((token, position) => {
				context.add(token, position, sequence);
			});
		});
		context.compute();
		return group.map((_, sequence) => context.inputVector(sequence));
	}

	async #pooledVectors(context: EmbeddingContext, group: Group, mostTokens: number, signal: AbortSignal): Promise<Float32Array[]> {
		const sums: (Float32Array | null)[] = group.map(() => null);
		const rows = group.flatMap((input, sequence) => Array.from(input, (token, position) => ({ token, position, sequence })));
		for (let done = 0; done < rows.length; ) {
			const step = rows.slice(done, done + Math.max(1, Math.min(mostTokens, this.#parts.stepTokens())));
			for (const { token, position, sequence } of step) {
				context.add(token, position, sequence);
			}
			context.compute();
			step.forEach(({ position, sequence }, row) => {
				if (this.#counts(position, group[sequence]?.length ?? 0)) {
					const vector = context.tokenVector(row);
					sums[sequence] = sums[sequence]?.map((value, index) => value + (vector[index] ?? 0)) ?? vector;
				}
			});
			done += step.length;
			await this.#giveWay(signal);
		}
		return sums.map((sum) => sum ?? new Float32Array());
	}

	/** The vector's length is made 1 afterwards, so that a sum does for the mean. */
	#counts(position: number, length: number): boolean {
		const { pooling } = this.#parts;
		return pooling === "last" ? position === length - 1 : pooling === "cls" ? position === 0 : true;
	}

	async #giveWay(signal: AbortSignal): Promise<void> {
		await new Promise<void>((resolve) => this.#parts.defer(resolve));
		signal.throwIfAborted();
	}
}

/** As many neighbours together as the context holds. */
function groupInputs(inputs: readonly Int32Array[], { contextTokens, sequences }: EmbeddingContext): Group[] {
	const groups: Int32Array[][] = [];
	let room = 0;
	for (const input of inputs) {
		const last = groups.at(-1);
		if (last === undefined || last.length === sequences || input.length > room) {
			groups.push([input]);
			room = contextTokens - input.length;
		} else {
			last.push(input);
			room -= input.length;
		}
	}
	return groups;
}
