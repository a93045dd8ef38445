import type { TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type { CompletionLogprobs } from "@opta/contracts/schema/lmx-completions";

/** Turns probabilities into the legacy shape; `offset` is where the first token begins in the choice's text. */
export function legacyLogprobs(tokens: readonly TokenLogprob[], offset: number): CompletionLogprobs {
	const offsets: number[] = [];
	let at = offset;
	for (const { token } of tokens) {
		offsets.push(at);
		at += token.length;
	}
	return {
		tokens: tokens.map(({ token }) => token),
		token_logprobs: tokens.map(({ logprob }) => logprob),
		top_logprobs: tokens.map(({ top_logprobs: top }) => Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))),
		text_offset: offsets,
	};
}
