import type { Backend } from "../engine/library/platform-build.ts";

/** What the process for quantising is to do; it does one thing and ends. */
export type QuantizeTask =
	| {
			readonly type: "quantize";
			readonly source: string;
			/** Null: nothing is written, only the size is found out. */
			readonly target: string | null;
			/** Number of `enum llama_ftype`. */
			readonly fileType: number;
			readonly threads: number;
			readonly allowRequantize: boolean;
			/** Most memory for the rows that are worked on. */
			readonly bufferBytes: number;
	  }
	| {
			readonly type: "measure";
			readonly file: string;
			readonly text: string;
			readonly threads: number;
			readonly backend: Backend;
	  };

/** How well a model foretells a text. */
export interface Perplexity {
	readonly value: number;
	/** Tokens that were scored. */
	readonly tokens: number;
}

/** What that process answers. Lines of the native library come on stderr. */
export type QuantizeAnswer =
	| { readonly type: "quantized" }
	| { readonly type: "measured"; readonly perplexity: Perplexity }
	| { readonly type: "progress"; readonly fraction: number }
	| { readonly type: "failed"; readonly message: string };
