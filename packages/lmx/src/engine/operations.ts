import type { Vocabulary } from "./context/inference-context.ts";
import type { EngineOperation, EngineOperationResults } from "./engine-messages.ts";
import type { PromptBuilder } from "./prompt/build-prompt.ts";
import { RefusalError } from "./refusal.ts";

/** What operations work with. */
export interface OperationParts {
	readonly vocabulary: Vocabulary;
	readonly prompts: PromptBuilder;
}

/** Result of any operation. */
export type OperationResult = EngineOperationResults[keyof EngineOperationResults];

/** Runs an operation between two steps. Throws RefusalError for what the model cannot do. */
export async function runOperation({ vocabulary, prompts }: OperationParts, operation: EngineOperation): Promise<OperationResult> {
	switch (operation.kind) {
		case "tokenize": {
			const { text, special, begin } = operation;
			const tokens = Array.from(vocabulary.tokenize(text, { special, begin: begin && vocabulary.addsBegin }));
			return { tokens, pieces: tokens.map((token) => Buffer.from(vocabulary.spelling(token)).toString()) };
		}
		case "detokenize":
			return { text: prompts.render({ kind: "tokens", tokens: operation.tokens }) };
		case "renderPrompt":
			return { text: prompts.render(operation.prompt), tokens: prompts.build(operation.prompt).tokens.length };
		case "embed":
		case "rerank":
			throw new RefusalError("unsupported_parameter", "This model makes no embeddings.");
	}
}
