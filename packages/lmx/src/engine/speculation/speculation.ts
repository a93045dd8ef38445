/** How tokens are guessed ahead of an answer; each guess is verified by the model, so that the answer stays the same. */
export type SpeculationSettings =
	/** From what the prompt and the answer already contain. */
	| { readonly kind: "lookup" }
	/** By a smaller model with the same words, from a GGUF file. */
	| { readonly kind: "draft"; readonly file: string };
