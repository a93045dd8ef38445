import { promisify } from "node:util";
import koffi from "koffi";
import { type LibraryFiles, LibraryUnavailableError, pinnedRelease } from "./find-library.ts";
import {
	type Batch,
	batch as batchType,
	type ContextParams,
	contextParams,
	type ModelParams,
	modelParams,
	type Pointer,
	threadPoolParams,
} from "./struct-layouts.ts";

/** `GGML_BACKEND_DEVICE_TYPE_GPU`: a device with memory of its own. Metal counts as one too. */
const gpuDeviceType = 1;

/** The C functions that LMX calls, typed. Names and meanings are those of llama.h and ggml-backend.h at v0.5.0. */
export type Libllama = ReturnType<typeof bindLibllama>;

type Tokenize = (
	vocabulary: Pointer,
	text: Buffer,
	bytes: number,
	tokens: Int32Array,
	capacity: number,
	addSpecial: boolean,
	parseSpecial: boolean,
) => number;

/** Loads the libraries into this process, once, and refuses one whose structs differ from `struct-layouts.ts`. */
export function bindLibllama(files: LibraryFiles) {
	const base = koffi.load(files.base, { global: true });
	const ggml = koffi.load(files.ggml, { global: true });
	const llama = koffi.load(files.llama, { global: true });

	const contextDefaultParams = llama.func("llama_context_default_params", contextParams, []) as () => ContextParams;
	const defaults = contextDefaultParams();
	if (defaults.nBatch !== 2048 || defaults.yarnExtFactor !== -1 || defaults.typeK !== 1 || !defaults.offloadKqv || !defaults.swaFull) {
		throw new LibraryUnavailableError(`The inference library is not llama.cpp ${pinnedRelease}. Run npm ci to install the pinned version.`);
	}

	(ggml.func("void ggml_backend_load_all_from_path(const char*)") as (folder: string) => void)(files.folder);
	(llama.func("void llama_backend_init()") as () => void)();

	const registryByName = ggml.func("void* ggml_backend_reg_by_name(const char*)") as (name: string) => Pointer | null;
	const procAddress = base.func("void* ggml_backend_reg_get_proc_address(void*, const char*)") as (
		registry: Pointer,
		name: string,
	) => Pointer | null;
	const cpu = registryByName("CPU");
	const poolNew = cpu === null ? null : procAddress(cpu, "ggml_threadpool_new");
	const poolFree = cpu === null ? null : procAddress(cpu, "ggml_threadpool_free");
	if (poolNew === null || poolFree === null) {
		throw new LibraryUnavailableError("The inference library has no CPU back end for this processor. Run npm ci to install it again.");
	}
	const newPool = koffi.decode(poolNew, koffi.proto("void* ThreadPoolNew(void*)")) as (params: Buffer) => Pointer;
	const freePool = koffi.decode(poolFree, koffi.proto("void ThreadPoolFree(void*)")) as (pool: Pointer) => void;
	const initPoolParams = base.func("void ggml_threadpool_params_init(void*, int)") as (params: Buffer, threads: number) => void;

	const deviceCount = ggml.func("size_t ggml_backend_dev_count()") as () => number;
	const deviceAt = ggml.func("void* ggml_backend_dev_get(size_t)") as (index: number) => Pointer;
	const deviceType = base.func("int ggml_backend_dev_type(void*)") as (device: Pointer) => number;
	const deviceMemory = base.func("void ggml_backend_dev_memory(void*, void*, void*)") as (
		device: Pointer,
		free: BigUint64Array,
		total: BigUint64Array,
	) => void;
	const gpus = (): readonly Pointer[] =>
		Array.from({ length: Number(deviceCount()) }, (_, index) => deviceAt(index)).filter((device) => deviceType(device) === gpuDeviceType);

	const tokenize = llama.func("int llama_tokenize(void*, const char*, int, void*, int, bool, bool)") as Tokenize & {
		async(...input: [...Parameters<Tokenize>, (error: Error | null, count: number) => void]): void;
	};

	return {
		contextDefaultParams,
		modelDefaultParams: llama.func("llama_model_default_params", modelParams, []) as () => ModelParams,
		loadModel: llama.func("llama_model_load_from_file", "void*", ["const char*", modelParams]) as (
			path: string,
			params: ModelParams,
		) => Pointer | null,
		modelVocabulary: llama.func("void* llama_model_get_vocab(void*)") as (model: Pointer) => Pointer,
		modelTrainedContext: llama.func("int llama_model_n_ctx_train(void*)") as (model: Pointer) => number,
		modelIsRecurrent: llama.func("bool llama_model_is_recurrent(void*)") as (model: Pointer) => boolean,
		modelIsHybrid: llama.func("bool llama_model_is_hybrid(void*)") as (model: Pointer) => boolean,
		modelMetadata: llama.func("int llama_model_meta_val_str(void*, const char*, void*, size_t)") as (
			model: Pointer,
			key: string,
			buffer: Buffer,
			capacity: number,
		) => number,
		modelSlidingWindow: llama.func("int llama_model_n_swa(void*)") as (model: Pointer) => number,
		modelChatTemplate: llama.func("const char* llama_model_chat_template(void*, const char*)") as (
			model: Pointer,
			name: string | null,
		) => string | null,
		newContext: llama.func("llama_init_from_model", "void*", ["void*", contextParams]) as (
			model: Pointer,
			params: ContextParams,
		) => Pointer | null,
		freeContext: llama.func("void llama_free(void*)") as (context: Pointer) => void,
		sequenceStateBytes: llama.func("size_t llama_state_seq_get_size(void*, int)") as (context: Pointer, sequence: number) => number,
		readSequenceState: llama.func("size_t llama_state_seq_get_data(void*, void*, size_t, int)") as (
			context: Pointer,
			state: Uint8Array,
			bytes: number,
			sequence: number,
		) => number,
		writeSequenceState: llama.func("size_t llama_state_seq_set_data(void*, const void*, size_t, int)") as (
			context: Pointer,
			state: Uint8Array,
			bytes: number,
			sequence: number,
		) => number,
		contextTokens: llama.func("uint32_t llama_n_ctx(void*)") as (context: Pointer) => number,
		contextMemory: llama.func("void* llama_get_memory(void*)") as (context: Pointer) => Pointer,
		decode: llama.func("llama_decode", "int", ["void*", batchType]) as (context: Pointer, batch: Batch) => number,
		modelEmbeddingSize: llama.func("int llama_model_n_embd_out(void*)") as (model: Pointer) => number,
		embeddingOfRow: llama.func("void* llama_get_embeddings_ith(void*, int)") as (context: Pointer, row: number) => Pointer | null,
		embeddingOfSequence: llama.func("void* llama_get_embeddings_seq(void*, int)") as (context: Pointer, sequence: number) => Pointer | null,
		logitsRow: llama.func("void* llama_get_logits_ith(void*, int)") as (context: Pointer, row: number) => Pointer | null,
		setThreads: llama.func("void llama_set_n_threads(void*, int, int)") as (context: Pointer, single: number, batched: number) => void,
		attachThreadPool: llama.func("void llama_attach_threadpool(void*, void*, void*)") as (
			context: Pointer,
			single: Pointer,
			batched: Pointer,
		) => void,
		detachThreadPool: llama.func("void llama_detach_threadpool(void*)") as (context: Pointer) => void,
		clearMemory: llama.func("void llama_memory_clear(void*, bool)") as (memory: Pointer, data: boolean) => void,
		removeFromSequence: llama.func("bool llama_memory_seq_rm(void*, int, int, int)") as (
			memory: Pointer,
			sequence: number,
			from: number,
			to: number,
		) => boolean,
		firstPosition: llama.func("int llama_memory_seq_pos_min(void*, int)") as (memory: Pointer, sequence: number) => number,
		copySequence: llama.func("void llama_memory_seq_cp(void*, int, int, int, int)") as (
			memory: Pointer,
			source: number,
			target: number,
			from: number,
			to: number,
		) => void,
		vocabularySize: llama.func("int llama_vocab_n_tokens(void*)") as (vocabulary: Pointer) => number,
		tokenAttributes: llama.func("int llama_vocab_get_attr(void*, int)") as (vocabulary: Pointer, token: number) => number,
		tokenText: llama.func("const char* llama_vocab_get_text(void*, int)") as (vocabulary: Pointer, token: number) => string,
		isEndOfGeneration: llama.func("bool llama_vocab_is_eog(void*, int)") as (vocabulary: Pointer, token: number) => boolean,
		beginToken: llama.func("int llama_vocab_bos(void*)") as (vocabulary: Pointer) => number,
		endToken: llama.func("int llama_vocab_eos(void*)") as (vocabulary: Pointer) => number,
		fimPrefixToken: llama.func("int llama_vocab_fim_pre(void*)") as (vocabulary: Pointer) => number,
		fimSuffixToken: llama.func("int llama_vocab_fim_suf(void*)") as (vocabulary: Pointer) => number,
		fimMiddleToken: llama.func("int llama_vocab_fim_mid(void*)") as (vocabulary: Pointer) => number,
		separatorToken: llama.func("int llama_vocab_sep(void*)") as (vocabulary: Pointer) => number,
		addsEndToken: llama.func("bool llama_vocab_get_add_eos(void*)") as (vocabulary: Pointer) => boolean,
		addsSeparatorToken: llama.func("bool llama_vocab_get_add_sep(void*)") as (vocabulary: Pointer) => boolean,
		addsBeginToken: llama.func("bool llama_vocab_get_add_bos(void*)") as (vocabulary: Pointer) => boolean,
		tokenize,
		/** The same in a thread of its own. */
		tokenizeLater: promisify(tokenize.async) as (...input: Parameters<Tokenize>) => Promise<number>,
		tokenToPiece: llama.func("int llama_token_to_piece(void*, int, void*, int, int, bool)") as (
			vocabulary: Pointer,
			token: number,
			buffer: Buffer,
			capacity: number,
			strippedSpaces: number,
			special: boolean,
		) => number,
		/** True when a device with memory of its own answers. */
		hasGpu: () => gpus().length > 0,
		/** Memory of the devices that have their own, all together. */
		videoMemory(): { readonly totalBytes: number; readonly freeBytes: number } {
			const free = new BigUint64Array(1);
			const total = new BigUint64Array(1);
			return gpus().reduce(
				(sum, device) => {
					deviceMemory(device, free, total);
					return { totalBytes: sum.totalBytes + Number(total[0]), freeBytes: sum.freeBytes + Number(free[0]) };
				},
				{ totalBytes: 0, freeBytes: 0 },
			);
		},
		/**
		 * A pool whose threads live on between steps; without one the CPU back end starts threads for every graph.
		 * They sleep between graphs (`poll` 0): spinning ones take the core from whoever reads the answer.
		 */
		newThreadPool(threads: number): Pointer {
			const params = Buffer.alloc(threadPoolParams.bytes);
			initPoolParams(params, threads);
			params.writeUInt32LE(0, threadPoolParams.pollOffset);
			return newPool(params);
		},
		freeThreadPool: freePool,
	};
}
