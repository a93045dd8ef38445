import type { AnswerError } from "../serving/backend.ts";

function inGib(bytes: number): string {
	return `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}

/** The error of a model that has no room, with the numbers. */
export function refuseAdmission(
	{ modelId, requiredBytes }: { readonly modelId: string; readonly requiredBytes: number },
	{ availableBytes, evictableBytes }: { readonly availableBytes: number; readonly evictableBytes: number },
	advice: string,
): AnswerError {
	return {
		code: "insufficient_memory",
		message: `The model ${modelId} needs ${inGib(requiredBytes)}; ${inGib(availableBytes)} are free for models and ${inGib(evictableBytes)} are taken by idle ones. ${advice}`,
		details: { requiredBytes, availableBytes, evictableBytes },
	};
}

/** What to do about a model that can never have room as things are. */
export const neverFits = "Choose a smaller model or a shorter context, or unpin a model.";
