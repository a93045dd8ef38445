import koffi from "koffi";

/** The structs of llama.h at llama.cpp v0.5.0, passed by value. A field that is wrong here corrupts memory. */

/** An address in the library's memory. */
export type Pointer = bigint;

const pointer = "void*";

/** `llama_model_params` */
export const modelParams = koffi.struct("ModelParams", {
	devices: pointer,
	tensorBuftOverrides: pointer,
	nGpuLayers: "int32",
	splitMode: "int32",
	loadMode: "int32",
	lazyMode: "int32",
	mainGpu: "int32",
	tensorSplit: pointer,
	progressCallback: pointer,
	progressUserData: pointer,
	kvOverrides: pointer,
	vocabOnly: "bool",
	checkTensors: "bool",
	useExtraBufts: "bool",
	noHost: "bool",
	noAlloc: "bool",
	loadMtp: "bool",
});

/** `llama_context_params` */
export const contextParams = koffi.struct("ContextParams", {
	nCtx: "uint32",
	nBatch: "uint32",
	nUbatch: "uint32",
	nSeqMax: "uint32",
	nRsSeq: "uint32",
	nOutputsMax: "uint32",
	nOutputsMaxPerSeq: "uint32",
	nThreads: "int32",
	nThreadsBatch: "int32",
	ctxType: "int32",
	ropeScalingType: "int32",
	poolingType: "int32",
	attentionType: "int32",
	flashAttnType: "int32",
	ropeFreqBase: "float",
	ropeFreqScale: "float",
	yarnExtFactor: "float",
	yarnAttnFactor: "float",
	yarnBetaFast: "float",
	yarnBetaSlow: "float",
	yarnOrigCtx: "uint32",
	defragThold: "float",
	cbEval: pointer,
	cbEvalUserData: pointer,
	typeK: "int32",
	typeV: "int32",
	abortCallback: pointer,
	abortCallbackData: pointer,
	embeddings: "bool",
	offloadKqv: "bool",
	noPerf: "bool",
	opOffload: "bool",
	swaFull: "bool",
	kvUnified: "bool",
	samplers: pointer,
	nSamplers: "size_t",
	ctxOther: pointer,
});

/** `llama_batch` */
export const batch = koffi.struct("Batch", {
	nTokens: "int32",
	token: pointer,
	embd: pointer,
	pos: pointer,
	nSeqId: pointer,
	seqId: pointer,
	logits: pointer,
});

/** `GGML_MAX_N_THREADS`, the length of the mask before the fields of `ggml_threadpool_params`. */
const maxThreads = 512;

/** Size and places in `ggml_threadpool_params`, which its own initialiser fills. */
export const threadPoolParams = { bytes: maxThreads + 64, pollOffset: maxThreads + 8 } as const;

/** The fields of `llama_model_params` that LMX sets. */
export interface ModelParams {
	nGpuLayers: number;
	[field: string]: unknown;
}

/** The fields of `llama_context_params` that LMX sets or checks. */
export interface ContextParams {
	nBatch: number;
	yarnExtFactor: number;
	typeK: number;
	offloadKqv: boolean;
	swaFull: boolean;
	[field: string]: unknown;
}

/** A batch whose arrays are the caller's own. */
export interface Batch {
	nTokens: number;
	readonly token: Int32Array;
	readonly embd: null;
	readonly pos: Int32Array;
	readonly nSeqId: Int32Array;
	readonly seqId: BigUint64Array;
	readonly logits: Int8Array;
}
