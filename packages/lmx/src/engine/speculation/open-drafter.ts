import { openContext } from "../context/libllama-context.ts";
import { type LoadedModel, loadModel } from "../context/libllama-model.ts";
import type { Libllama } from "../library/libllama.ts";
import type { Drafter } from "./drafter.ts";
import { lookupDrafter } from "./lookup-drafter.ts";
import { ModelDrafter } from "./model-drafter.ts";
import type { SpeculationSettings } from "./speculation.ts";

/** A drafter, or why there is none, in one sentence. */
export type OpenedDrafter = { readonly ok: true; readonly drafter: Drafter } | { readonly ok: false; readonly message: string };

/** The context of the model that the drafter works for. */
export interface DraftedContext {
	readonly contextTokens: number;
	readonly sequences: number;
	readonly threads: number;
}

/** Vocabularies of one family may differ in unused tokens at their end. */
const mostExtraTokens = 128;
/** Every so many tokens is compared. */
const comparedEvery = 50;

function hasSameWords(draft: LoadedModel, model: LoadedModel): boolean {
	const size = Math.min(draft.vocabulary.size, model.vocabulary.size);
	if (Math.max(draft.vocabulary.size, model.vocabulary.size) - size > mostExtraTokens) {
		return false;
	}
	for (let token = 0; token < size; token += comparedEvery) {
		if (!Buffer.from(draft.vocabulary.spelling(token)).equals(model.vocabulary.spelling(token))) {
			return false;
		}
	}
	return true;
}

/** Prepares what guesses ahead for a model; a small model is loaded into the same process. */
export function openDrafter(lib: Libllama, model: LoadedModel, settings: SpeculationSettings, drafted: DraftedContext): OpenedDrafter {
	if (!model.keepsPrefixes) {
		return {
			ok: false,
			message: "This model cannot take back a token, so that nothing can be guessed ahead. Remove its speculation setting.",
		};
	}
	if (settings.kind === "lookup") {
		return { ok: true, drafter: lookupDrafter };
	}
	const small = loadModel(lib, settings.file, model.onGpu ? null : 0);
	if (small === null) {
		return {
			ok: false,
			message: `The draft model ${settings.file} cannot be loaded: it is damaged, or of a kind that this engine does not know.`,
		};
	}
	if (!small.keepsPrefixes || !hasSameWords(small, model)) {
		return {
			ok: false,
			message: `The draft model ${settings.file} does not fit: it must have the same words as the model, and a cache that can go back.`,
		};
	}
	const { contextTokens, sequences, threads } = drafted;
	const context = openContext(lib, small, { contextTokens, sequences, poolThreads: threads, draftTokens: 0 });
	if (context === null) {
		return { ok: false, message: `There is not enough memory for the draft model's context of ${contextTokens} tokens.` };
	}
	return { ok: true, drafter: new ModelDrafter(context) };
}
