import { fileTypeName } from "./file-types.ts";
import type { GgufHeader, GgufValue } from "./parse-gguf-header.ts";

/** What LMX shows and predicts from a model's metadata; null where the file does not say. */
export interface GgufFacts {
	readonly name: string | null;
	/** `model`, `adapter`, `mmproj`…; null in older files, which are models. */
	readonly type: string | null;
	readonly architecture: string | null;
	readonly quantisation: string | null;
	readonly trainedContextTokens: number | null;
	readonly licence: string | null;
	/** All values of all tensors of this file. */
	readonly parameters: number;
	/** Bytes of the tensors of this file. */
	readonly tensorBytes: number;
	/** Tensors that are neither F32, F16 nor BF16 are there. */
	readonly isQuantised: boolean;
	/** The file has a chat template. */
	readonly hasChatTemplate: boolean;
	/** Parts of a split model; 1 for a whole one. */
	readonly splitCount: number;
}

const wholeTypes: ReadonlySet<string> = new Set(["F64", "F32", "F16", "BF16", "I8", "I16", "I32", "I64"]);

function text(value: GgufValue | undefined): string | null {
	return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

function number(value: GgufValue | undefined): number | null {
	return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The type that most bytes have, for files that do not name theirs. */
function commonType(header: GgufHeader): string | null {
	const bytesOf = new Map<string, number>();
	for (const { type, bytes } of header.tensors) {
		bytesOf.set(type.name, (bytesOf.get(type.name) ?? 0) + bytes);
	}
	return [...bytesOf].sort(([, left], [, right]) => right - left)[0]?.[0] ?? null;
}

/** Picks the facts out of a header. Key names are those of ggml docs, gguf.md. */
export function ggufFacts(header: GgufHeader): GgufFacts {
	const { metadata, tensors } = header;
	const architecture = text(metadata.get("general.architecture"));
	const fileType = number(metadata.get("general.file_type"));
	return {
		name: text(metadata.get("general.name")),
		type: text(metadata.get("general.type")),
		architecture,
		quantisation: (fileType === null ? null : fileTypeName(fileType)) ?? commonType(header),
		trainedContextTokens: number(metadata.get(`${architecture}.context_length`)),
		licence: text(metadata.get("general.license")),
		parameters: tensors.reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0),
		tensorBytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
		isQuantised: tensors.some(({ type }) => !wholeTypes.has(type.name)),
		hasChatTemplate: text(metadata.get("tokenizer.chat_template")) !== null,
		splitCount: Math.max(1, number(metadata.get("split.count")) ?? 1),
	};
}
