import type { Libllama } from "../library/libllama.ts";
import type { Pointer } from "../library/struct-layouts.ts";
import { shownControlTexts } from "../prompt/thinking-marks.ts";
import type { Vocabulary } from "./inference-context.ts";

/** Bits of `llama_token_attr`: unknown and control tokens. */
const controlAttributes = (1 << 0) | (1 << 3);

/** How a model makes one vector of the vectors of its tokens; `rank`: it makes a score instead. */
export type Pooling = "none" | "mean" | "cls" | "last" | "rank";

/** By the numbers of `llama_pooling_type`. */
export const poolings: readonly Pooling[] = ["none", "mean", "cls", "last", "rank"];

/** Architectures without a cache at v0.5.0: they read a text as a whole, forwards and backwards, and cannot go on with it. */
const wholeReaders: ReadonlySet<string> = new Set([
	"bert",
	"modern-bert",
	"nomic-bert",
	"nomic-bert-moe",
	"neo-bert",
	"jina-bert-v2",
	"jina-bert-v3",
	"eurobert",
	"gemma-embedding",
	"dream",
	"llada",
	"llada-moe",
	"rnd1",
]);

/** Shorter texts are tokenized at once, in less than 10 ms. */
const longTextLength = 32_768;

/** A model in memory. */
export interface LoadedModel {
	readonly pointer: Pointer;
	readonly vocabulary: Vocabulary;
	/** The longest context the model was trained for, in tokens. */
	readonly trainedContextTokens: number;
	readonly keepsPrefixes: boolean;
	/** Tokens that a layer with a sliding window looks back; 0 without one. */
	readonly slidingWindow: number;
	/** Jinja source of the chat template, null when the file has none. */
	readonly chatTemplate: string | null;
	/** Jinja source of a further one for chats with tools; null when the file has none. */
	readonly toolTemplate: string | null;
	/** As the file names it, such as `llama`. */
	readonly architecture: string;
	readonly pooling: Pooling;
	/** A token knows only those before it; such a model can go on with a text. */
	readonly isCausal: boolean;
	/** How a query and a document are put together, with `{query}` and `{document}`; null when the file does not say. */
	readonly rerankTemplate: string | null;
	readonly onGpu: boolean;
}

function openVocabulary(lib: Libllama, pointer: Pointer): Vocabulary {
	const pieceBuffer = Buffer.alloc(1024);
	const size = lib.vocabularySize(pointer);
	const textOf = (token: number): string => (token < 0 ? "" : lib.tokenText(pointer, token));
	const bytesOf = (token: number, special: boolean): Buffer =>
		Buffer.from(pieceBuffer.subarray(0, Math.max(0, lib.tokenToPiece(pointer, token, pieceBuffer, pieceBuffer.length, 0, special))));
	const [prefix, suffix, middle] = [lib.fimPrefixToken(pointer), lib.fimSuffixToken(pointer), lib.fimMiddleToken(pointer)];
	const counted = (tokens: Int32Array, count: number): Int32Array => {
		if (count < 0) {
			throw new Error(`A text could not be tokenized into ${tokens.length} tokens.`);
		}
		return tokens.slice(0, count);
	};
	const tokensOf = (text: string, special: boolean, begin: boolean): Int32Array => {
		const bytes = Buffer.from(text, "utf8");
		const tokens = new Int32Array(bytes.length + 8);
		return counted(tokens, lib.tokenize(pointer, bytes, bytes.length, tokens, tokens.length, begin, special));
	};
	const shown = new Set(
		shownControlTexts.flatMap((text) => {
			const [token, ...rest] = tokensOf(text, true, false);
			return token === undefined || rest.length > 0 ? [] : [token];
		}),
	);
	const tokenOrNull = (token: number): number | null => (token < 0 ? null : token);
	const begin = lib.beginToken(pointer);
	return {
		size,
		tokenize: (text, { special, begin }) => tokensOf(text, special, begin),
		async tokenizeLater(text, { special, begin }) {
			if (text.length < longTextLength) {
				return tokensOf(text, special, begin);
			}
			const bytes = Buffer.from(text, "utf8");
			const tokens = new Int32Array(bytes.length + 8);
			return counted(tokens, await lib.tokenizeLater(pointer, bytes, bytes.length, tokens, tokens.length, begin, special));
		},
		piece: (token) => bytesOf(token, shown.has(token)),
		spelling: (token) => bytesOf(token, true),
		isEndOfGeneration: (token) => lib.isEndOfGeneration(pointer, token),
		controlTexts() {
			const texts: string[] = [];
			for (let token = 0; token < size; token++) {
				if ((lib.tokenAttributes(pointer, token) & controlAttributes) !== 0) {
					texts.push(lib.tokenText(pointer, token));
				}
			}
			return texts;
		},
		beginText: textOf(begin),
		endText: textOf(lib.endToken(pointer)),
		addsBegin: lib.addsBeginToken(pointer),
		addsEnd: lib.addsEndToken(pointer),
		addsSeparator: lib.addsSeparatorToken(pointer),
		beginToken: tokenOrNull(begin),
		endToken: tokenOrNull(lib.endToken(pointer)),
		separatorToken: tokenOrNull(lib.separatorToken(pointer)),
		fillInMiddle: prefix < 0 || suffix < 0 || middle < 0 ? null : { prefix, suffix, middle },
	};
}

function metadata(lib: Libllama, model: Pointer, key: string): string | null {
	const buffer = Buffer.alloc(256);
	const length = lib.modelMetadata(model, key, buffer, buffer.length);
	return length < 0 ? null : buffer.toString("utf8", 0, Math.min(length, buffer.length - 1));
}

/** `LLAMA_LOAD_MODE_AUTO` maps the file into memory where that is possible, `LLAMA_LOAD_MODE_NONE` copies it. */
const loadModes = { mapped: -1, copied: 0 } as const;

/**
 * Loads a GGUF file; null when the library refuses it (its reason is on stderr). `gpuLayers`: layers on the graphics
 * card, where there is one; null for all. `place`: a mapped file shares its memory and is there at once; a copied one can
 * have large pages, which are read faster.
 */
export function loadModel(
	lib: Libllama,
	file: string,
	gpuLayers: number | null,
	place: keyof typeof loadModes = "mapped",
): LoadedModel | null {
	const onGpu = gpuLayers !== 0 && lib.hasGpu();
	const pointer = lib.loadModel(file, {
		...lib.modelDefaultParams(),
		nGpuLayers: onGpu ? (gpuLayers ?? -1) : 0,
		loadMode: loadModes[place],
	});
	if (pointer === null) {
		return null;
	}
	const architecture = metadata(lib, pointer, "general.architecture") ?? "";
	return {
		pointer,
		architecture,
		isCausal: !wholeReaders.has(architecture) && metadata(lib, pointer, `${architecture}.attention.causal`) !== "false",
		rerankTemplate: lib.modelChatTemplate(pointer, "rerank"),
		pooling: poolings[Number(metadata(lib, pointer, `${architecture}.pooling_type`) ?? 0)] ?? "none",
		vocabulary: openVocabulary(lib, lib.modelVocabulary(pointer)),
		trainedContextTokens: lib.modelTrainedContext(pointer),
		keepsPrefixes: !lib.modelIsRecurrent(pointer) && !lib.modelIsHybrid(pointer),
		slidingWindow: lib.modelSlidingWindow(pointer),
		chatTemplate: lib.modelChatTemplate(pointer, null),
		toolTemplate: lib.modelChatTemplate(pointer, "tool_use"),
		onGpu,
	};
}
