import koffi from "koffi";
import { findLibrary, LibraryUnavailableError, pinnedRelease } from "../engine/library/find-library.ts";

const pointer = "void*";

/** `llama_model_quantize_params` of llama.h at llama.cpp v0.5.0. */
const quantizeParams = koffi.struct("QuantizeParams", {
	nThread: "int32",
	fileType: "int32",
	outputTensorType: "int32",
	tokenEmbeddingType: "int32",
	allowRequantize: "bool",
	quantizeOutputTensor: "bool",
	onlyCopy: "bool",
	pure: "bool",
	keepSplit: "bool",
	dryRun: "bool",
	imatrix: pointer,
	kvOverrides: pointer,
	tensorOverrides: pointer,
	pruneLayers: pointer,
	maxBufferBytes: "size_t",
});

/** The fields that LMX sets or checks. */
interface QuantizeParams {
	nThread: number;
	fileType: number;
	outputTensorType: number;
	tokenEmbeddingType: number;
	allowRequantize: boolean;
	quantizeOutputTensor: boolean;
	dryRun: boolean;
	imatrix: bigint | null;
	maxBufferBytes: number | bigint;
	[field: string]: unknown;
}

/** `GGML_TYPE_COUNT`: no type of its own. */
const noType = 43;
/** `LLAMA_FTYPE_MOSTLY_Q8_0` */
const defaultFileType = 7;
const defaultBufferBytes = 8 * 1024 ** 3;

/** Writes `target` from `source` in another quantisation; false when the library refused, with its reason on stderr. */
export type QuantizeFile = (
	source: string,
	target: string,
	options: { fileType: number; threads: number; allowRequantize: boolean; dryRun: boolean; bufferBytes: number },
) => boolean;

/** Loads the CPU build of the library and refuses one whose struct differs from the one above. */
export function bindQuantize(): QuantizeFile {
	const files = findLibrary("cpu");
	koffi.load(files.base, { global: true });
	koffi.load(files.ggml, { global: true });
	const llama = koffi.load(files.llama, { global: true });
	const defaultParams = llama.func("llama_model_quantize_default_params", quantizeParams, []) as () => QuantizeParams;
	const defaults = defaultParams();
	const isKnown =
		defaults.nThread === 0 &&
		defaults.fileType === defaultFileType &&
		defaults.outputTensorType === noType &&
		defaults.tokenEmbeddingType === noType &&
		defaults.quantizeOutputTensor &&
		!defaults.allowRequantize &&
		!defaults.dryRun &&
		defaults.imatrix === null &&
		Number(defaults.maxBufferBytes) === defaultBufferBytes;
	if (!isKnown) {
		throw new LibraryUnavailableError(`The inference library is not llama.cpp ${pinnedRelease}. Run npm ci to install the pinned version.`);
	}
	(llama.func("void llama_backend_init()") as () => void)();
	const quantize = llama.func("llama_model_quantize", "uint32", ["const char*", "const char*", koffi.pointer(quantizeParams)]) as (
		source: string,
		target: string,
		params: QuantizeParams,
	) => number;
	return (source, target, { fileType, threads, allowRequantize, dryRun, bufferBytes }) =>
		quantize(source, target, { ...defaults, nThread: threads, fileType, allowRequantize, dryRun, maxBufferBytes: bufferBytes }) === 0;
}
