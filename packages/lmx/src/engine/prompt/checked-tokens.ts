import type { Vocabulary } from "../context/inference-context.ts";
import { RefusalError } from "../refusal.ts";

/** Token ids that a client sent. Throws RefusalError, naming `param`, for one that this model does not have. */
export function checkedTokens(vocabulary: Vocabulary, tokens: readonly number[], param: string): Int32Array {
	const wrong = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabulary.size);
	if (wrong !== undefined) {
		throw new RefusalError(
			"invalid_request",
			`The token ${wrong} does not exist: this model's tokens go from 0 to ${vocabulary.size - 1}.`,
			{
				param,
			},
		);
	}
	return Int32Array.from(tokens);
}
