import { z } from "zod";
import type { OpenAiModel } from "./openai-backend.ts";

const listSchema = z.looseObject({
	data: z.array(
		z.looseObject({
			id: z.string().min(1),
			owned_by: z.string().nullish().catch(null),
			/** vLLM. */
			max_model_len: z.int().nullish().catch(null),
			/** llama-server. */
			meta: z.looseObject({ n_ctx_train: z.int().nullish() }).nullish().catch(null),
			/** LMX. */
			opta: z.looseObject({ contextTokens: z.int().nullish() }).nullish().catch(null),
		}),
	),
});

const lmxOwners: ReadonlySet<string> = new Set(["opta-local", "llamacpp"]);

/** More than any server has; the lists stay small. */
const maxModels = 2000;

/** Reads the answer of `GET /models`; null when it is none. LMX and llama-server are known by the owner that they name. */
export function readServerModels(answer: unknown, kind: "openai" | "mlx"): OpenAiModel[] | null {
	const parsed = listSchema.safeParse(answer);
	if (!parsed.success) {
		return null;
	}
	return parsed.data.data.slice(0, maxModels).map(({ id, owned_by: owner, max_model_len: maxTokens, meta, opta }) => ({
		name: id,
		dialect: kind === "mlx" ? "mlx" : lmxOwners.has(owner ?? "") ? "lmx" : "openai",
		contextTokens: maxTokens ?? opta?.contextTokens ?? meta?.n_ctx_train ?? null,
	}));
}
