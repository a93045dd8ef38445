import type { Libllama } from "../library/libllama.ts";
import type { Pointer } from "../library/struct-layouts.ts";
import type { Vocabulary } from "./inference-context.ts";

/** Bits of `llama_token_attr`: unknown and control tokens. */
const controlAttributes = (1 << 0) | (1 << 3);

/** A model in memory. */
export interface LoadedModel {
	readonly pointer: Pointer;
	readonly vocabulary: Vocabulary;
	/** The longest context the model was trained for, in tokens. */
	readonly trainedContextTokens: number;
	readonly keepsPrefixes: boolean;
	/** Jinja source of the chat template, null when the file has none. */
	readonly chatTemplate: string | null;
	readonly onGpu: boolean;
}

function openVocabulary(lib: Libllama, pointer: Pointer): Vocabulary {
	const pieceBuffer = Buffer.alloc(1024);
	const size = lib.vocabularySize(pointer);
	const textOf = (token: number): string => (token < 0 ? "" : lib.tokenText(pointer, token));
	return {
		size,
		tokenize(text, { special, begin }) {
			const bytes = Buffer.from(text, "utf8");
			const tokens = new Int32Array(bytes.length + 8);
			const count = lib.tokenize(pointer, bytes, bytes.length, tokens, tokens.length, begin, special);
			if (count < 0) {
				throw new Error(`A text of ${bytes.length} bytes could not be tokenized.`);
			}
			return tokens.slice(0, count);
		},
		piece(token) {
			return Buffer.from(pieceBuffer.subarray(0, Math.max(0, lib.tokenToPiece(pointer, token, pieceBuffer, pieceBuffer.length, 0, false))));
		},
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
		beginText: textOf(lib.beginToken(pointer)),
		endText: textOf(lib.endToken(pointer)),
		addsBegin: lib.addsBeginToken(pointer),
	};
}

/** Loads a GGUF file; null when the library refuses it (its reason is on stderr). */
export function loadModel(lib: Libllama, file: string, useGpu: boolean): LoadedModel | null {
	const onGpu = useGpu && lib.hasGpu();
	const pointer = lib.loadModel(file, { ...lib.modelDefaultParams(), nGpuLayers: onGpu ? -1 : 0 });
	if (pointer === null) {
		return null;
	}
	return {
		pointer,
		vocabulary: openVocabulary(lib, lib.modelVocabulary(pointer)),
		trainedContextTokens: lib.modelTrainedContext(pointer),
		keepsPrefixes: !lib.modelIsRecurrent(pointer) && !lib.modelIsHybrid(pointer),
		chatTemplate: lib.modelChatTemplate(pointer, null),
		onGpu,
	};
}
