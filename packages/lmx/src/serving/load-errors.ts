import type { LoadFailure } from "../supervision/load-failures.ts";
import type { AnswerError } from "./backend.ts";

/** A model that cannot answer now, and why. */
export function unavailable(message: string): AnswerError {
	return { code: "model_unavailable", message };
}

/** A model that is not tried now because its last loads failed. */
export function blocked(modelId: string, { reason, isBroken, retryInMs }: LoadFailure): AnswerError {
	return unavailable(
		isBroken
			? `${reason} The model ${modelId} is not tried again until somebody asks for it: POST /admin/models/load.`
			: `${reason} It is tried again in ${Math.ceil((retryInMs ?? 0) / 1000)} s.`,
	);
}

/** The client left before its model was loaded. */
export const leftWhileLoading: AnswerError = {
	code: "cancelled",
	message: "The request was given up while its model was being loaded.",
};
