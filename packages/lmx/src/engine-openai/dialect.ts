import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { AnswerError, CompletionCall } from "../serving/backend.ts";

/** Kind of server: they differ in what they know beyond the OpenAI reference. `lmx` stands for llama-server too. */
export type DialectName = "openai" | "lmx" | "mlx";

type Parameter = Exclude<keyof ChatRequest | keyof CompletionCall, "model" | "messages" | "prompt" | "stream" | "stream_options">;

interface Dialect {
	/** Parameters that the server would pass over in silence; asking for them is an error instead. */
	readonly unknown: readonly Parameter[];
	readonly renamed: Readonly<Partial<Record<Parameter, string>>>;
	/** Sent where the request names no limit, for a server whose own is short; null where the server has none. */
	readonly defaultMaxTokens: number | null;
}

/** Meant for this host, not for the one that answers. */
const ownBusiness: readonly Parameter[] = ["keep_alive", "store", "metadata", "user", "safety_identifier", "prompt_cache_key"];

const dialects: Readonly<Record<DialectName, Dialect>> = {
	openai: {
		unknown: ["grammar", "reasoning_budget_tokens", "return_progress"],
		renamed: { repeat_penalty: "repetition_penalty" },
		defaultMaxTokens: null,
	},
	lmx: { unknown: [], renamed: {}, defaultMaxTokens: null },
	mlx: {
		unknown: [
			"grammar",
			"reasoning_budget_tokens",
			"reasoning_effort",
			"return_progress",
			"frequency_penalty",
			"presence_penalty",
			"response_format",
			"n",
			"suffix",
		],
		renamed: { repeat_penalty: "repetition_penalty" },
		defaultMaxTokens: 32_768,
	},
};

/** Values that ask for nothing beyond what every server does. */
const neutral: Readonly<Partial<Record<Parameter, (value: unknown) => boolean>>> = {
	n: (value) => value === 1,
	frequency_penalty: (value) => value === 0,
	presence_penalty: (value) => value === 0,
	response_format: (value) => typeof value === "object" && value !== null && "type" in value && value.type === "text",
	reasoning_effort: () => false,
	return_progress: () => true,
};

/** A request for another server: its parameters, or why it cannot be asked. */
export type Translated =
	| { readonly ok: true; readonly parameters: Record<string, unknown> }
	| { readonly ok: false; readonly error: AnswerError };

/** Puts the parameters of a request into the words of another server. Nothing is dropped in silence that would change the answer. */
export function translateParameters(
	server: string,
	dialectName: DialectName,
	request: Partial<Readonly<Record<Parameter, unknown>>>,
): Translated {
	const { unknown, renamed, defaultMaxTokens } = dialects[dialectName];
	const parameters: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(request)) {
		const name = key as Parameter;
		if (value === null || value === undefined || ownBusiness.includes(name)) {
			continue;
		}
		if (!unknown.includes(name)) {
			parameters[renamed[name] ?? name] = value;
		} else if (neutral[name]?.(value) !== true) {
			const message = `The model runs on the server ${server}, which does not know the parameter "${name}". Remove it, or ask a model of this host.`;
			return { ok: false, error: { code: "unsupported_parameter", message, param: name } };
		}
	}
	if (defaultMaxTokens !== null && parameters.max_tokens === undefined && parameters.max_completion_tokens === undefined) {
		parameters.max_tokens = defaultMaxTokens;
	}
	return { ok: true, parameters };
}
