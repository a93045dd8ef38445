import type { Vocabulary } from "./context/inference-context.ts";
import type { Embedder } from "./embedding/embedder.ts";
import { rerankPrompt } from "./embedding/rerank-prompt.ts";
import type { EngineOperation, EngineOperationResults } from "./engine-messages.ts";
import type { PromptBuilder } from "./prompt/build-prompt.ts";
import { checkedTokens } from "./prompt/checked-tokens.ts";

/** What operations work with. */
export interface OperationParts {
	readonly vocabulary: Vocabulary;
	readonly prompts: PromptBuilder;
	readonly embedder: Embedder;
	readonly rerankTemplate: string | null;
}

/** Result of any operation. */
export type OperationResult = EngineOperationResults[keyof EngineOperationResults];

/** Runs an operation between two steps. Throws RefusalError for what the model cannot do. */
export async function runOperation(
	{ vocabulary, prompts, embedder, rerankTemplate }: OperationParts,
	operation: EngineOperation,
	signal: AbortSignal,
): Promise<OperationResult> {
	switch (operation.kind) {
		case "tokenize": {
			const { text, special, begin } = operation;
			const tokens = Array.from(await vocabulary.tokenizeLater(text, { special, begin: begin && vocabulary.addsBegin }));
			return { tokens, pieces: tokens.map((token) => Buffer.from(vocabulary.spelling(token)).toString()) };
		}
		case "detokenize":
			return { text: await prompts.render({ kind: "tokens", tokens: operation.tokens }) };
		case "renderPrompt":
			return { text: await prompts.render(operation.prompt), tokens: (await prompts.build(operation.prompt)).tokens.length };
		case "embed": {
			const inputs = await Promise.all(
				operation.inputs.map((input) =>
					typeof input === "string"
						? vocabulary.tokenizeLater(input, { special: false, begin: true })
						: checkedTokens(vocabulary, input, "input"),
				),
			);
			return { vectors: await embedder.embed(inputs, signal), promptTokens: countTokens(inputs) };
		}
		case "rerank": {
			const { query, documents } = operation;
			const inputs = documents.map((document) => rerankPrompt(vocabulary, rerankTemplate, query, document));
			return { scores: await embedder.score(inputs, signal), promptTokens: countTokens(inputs) };
		}
	}
}

function countTokens(inputs: readonly Int32Array[]): number {
	return inputs.reduce((sum, { length }) => sum + length, 0);
}
