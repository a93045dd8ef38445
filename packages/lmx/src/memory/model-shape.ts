import type { GgufHeader, GgufTensor, GgufValue } from "../library/gguf/parse-gguf-header.ts";

/** What the memory of a model depends on. */
export interface ModelShape {
	/** Bytes of all tensors. */
	readonly weightBytes: number;
	/** The same with every matrix as Q8_0. */
	readonly preparedBytes: number;
	/** Bytes of the token embeddings among them, which stay in main memory whatever the graphics card holds. */
	readonly embeddingBytes: number;
	readonly layers: number;
	/** Values that a token has in the cache, of all layers together. */
	readonly cacheValues: number;
	/** Values of the state of one sequence in recurrent layers. */
	readonly stateValues: number;
	readonly embeddingLength: number;
	/** Widest inner layer that is computed for a token. */
	readonly feedForwardLength: number;
	readonly vocabulary: number;
	/** Tokens and merges, which are kept as texts. */
	readonly vocabularyEntries: number;
	readonly trainedContextTokens: number;
}

/** A block of 32 values of Q8_0 takes 34 bytes; vectors stay as they are. */
function preparedBytesOf({ shape, bytes }: GgufTensor): number {
	return shape.length < 2 ? bytes : (shape.reduce((product, length) => product * length, 1) / 32) * 34;
}

function lengthOf(value: GgufValue | undefined): number {
	return typeof value === "object" ? value.length : 0;
}

/** Reads the shape from the header of a model, or of all parts of a split one, the first of them first. */
export function modelShape(headers: readonly GgufHeader[]): ModelShape {
	const metadata: GgufHeader["metadata"] = headers[0]?.metadata ?? new Map();
	const tensors = headers.flatMap((header) => header.tensors);
	const architecture = String(metadata.get("general.architecture") ?? "");
	const value = (key: string): GgufValue | undefined => metadata.get(`${architecture}.${key}`);
	const number = (key: string, fallback: number): number => {
		const found = value(key);
		return typeof found === "number" ? found : fallback;
	};
	/** Of each layer: some models write one number for all, others a list. */
	const perLayer = (key: string, layer: number, fallback: number): number => {
		const found = value(key);
		const own = Array.isArray(found) ? found[layer] : found;
		return typeof own === "number" ? own : fallback;
	};
	const layers = number("block_count", 0);
	const embeddingLength = number("embedding_length", 0);
	const stateLength = number("ssm.state_size", 0);
	const innerLength = number("ssm.inner_size", 0);
	const convolution = Math.max(0, number("ssm.conv_kernel", 0) - 1);
	const stateOfLayer = convolution * (innerLength + 2 * number("ssm.group_count", 0) * stateLength) + stateLength * innerLength;
	/** Every n-th layer of a mixed model attends; the others carry a state. */
	const attentionInterval = number("full_attention_interval", 1);
	const isLatent = typeof value("attention.key_length_mla") === "number";
	let cacheValues = 0;
	let stateValues = 0;
	let feedForwardLength = 0;
	for (let layer = 0; layer < layers; layer++) {
		const heads = Math.max(1, perLayer("attention.head_count", layer, 1));
		const cacheHeads = perLayer("attention.head_count_kv", layer, heads);
		const headLength = embeddingLength / heads;
		const attends =
			stateOfLayer === 0 || (cacheHeads > 0 && (layer + 1) % attentionInterval === 0 && value("attention.head_count") !== undefined);
		if (attends) {
			cacheValues += cacheHeads * number("attention.key_length", headLength);
			cacheValues += isLatent ? 0 : cacheHeads * number("attention.value_length", headLength);
		} else {
			stateValues += stateOfLayer;
		}
		const experts = number("expert_used_count", 0) * number("expert_feed_forward_length", 0);
		feedForwardLength = Math.max(feedForwardLength, perLayer("feed_forward_length", layer, 0), experts, innerLength);
	}
	const embeddings = tensors.find(({ name }) => name === "token_embd.weight");
	return {
		weightBytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
		preparedBytes: tensors.reduce((sum, tensor) => sum + preparedBytesOf(tensor), 0),
		embeddingBytes: embeddings?.bytes ?? 0,
		layers,
		cacheValues,
		stateValues,
		embeddingLength,
		feedForwardLength,
		vocabulary: embeddings?.shape[1] ?? lengthOf(metadata.get("tokenizer.ggml.tokens")),
		vocabularyEntries: lengthOf(metadata.get("tokenizer.ggml.tokens")) + lengthOf(metadata.get("tokenizer.ggml.merges")),
		trainedContextTokens: number("context_length", 0),
	};
}
