import { seededRandom } from "../engine/sampling/random.ts";
import { type GgufTensorContent, ggufBytes } from "./gguf-file.ts";

const width = 16;
const inner = 32;
const contextTokens = 64;
const letters = "abcdefghijklmnopqrstuvwxyz";
const tokens = [
	"[PAD]",
	"[CLS]",
	"[SEP]",
	"[UNK]",
	"[MASK]",
	..."abcdefghijklmnopqrstuvwxyz",
	...Array.from(letters, (letter) => `▁${letter}`),
];

/** A BERT of one layer with random weights and a token per letter: as a reranker (`rank`) or as a maker of embeddings (`cls`). */
export function tinyEncoder(pooling: "cls" | "rank"): Buffer {
	const random = seededRandom(1);
	const noise = (...shape: number[]): GgufTensorContent => ({
		shape,
		values: Float32Array.from({ length: shape.reduce((size, length) => size * length, 1) }, () => random() - 0.5),
	});
	const filled = (value: number): GgufTensorContent => ({ shape: [width], values: new Float32Array(width).fill(value) });
	const norm = (name: string): Record<string, GgufTensorContent> => ({ [`${name}.weight`]: filled(1), [`${name}.bias`]: filled(0) });
	return ggufBytes({
		metadata: {
			"general.architecture": "bert",
			"general.name": "tiny encoder",
			"bert.block_count": 1,
			"bert.context_length": contextTokens,
			"bert.embedding_length": width,
			"bert.feed_forward_length": inner,
			"bert.attention.head_count": 2,
			"bert.attention.layer_norm_epsilon": 1.5e-12,
			"bert.attention.causal": false,
			"bert.pooling_type": pooling === "rank" ? 4 : 2,
			"tokenizer.ggml.model": "bert",
			"tokenizer.ggml.tokens": tokens,
			"tokenizer.ggml.token_type": tokens.map((_, index) => (index < 5 ? 3 : 1)),
			"tokenizer.ggml.token_type_count": 2,
			"tokenizer.ggml.padding_token_id": 0,
			"tokenizer.ggml.bos_token_id": 1,
			"tokenizer.ggml.seperator_token_id": 2,
			"tokenizer.ggml.unknown_token_id": 3,
			"tokenizer.ggml.mask_token_id": 4,
		},
		tensors: {
			"token_embd.weight": noise(width, tokens.length),
			"token_types.weight": noise(width, 2),
			"position_embd.weight": noise(width, contextTokens),
			...norm("token_embd_norm"),
			"blk.0.attn_q.weight": noise(width, width),
			"blk.0.attn_k.weight": noise(width, width),
			"blk.0.attn_v.weight": noise(width, width),
			"blk.0.attn_output.weight": noise(width, width),
			...norm("blk.0.attn_output_norm"),
			"blk.0.ffn_up.weight": noise(width, inner),
			"blk.0.ffn_down.weight": noise(inner, width),
			...norm("blk.0.layer_output_norm"),
			...(pooling === "rank" ? { "cls.weight": noise(width, width), "cls.bias": filled(0), "cls.output.weight": noise(width, 1) } : {}),
		},
	});
}
