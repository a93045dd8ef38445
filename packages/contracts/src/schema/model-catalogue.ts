import { z } from "zod";

const common = {
	/** Name that requests use. */
	id: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i),
	title: z.string(),
	fileName: z.string(),
	fileBytes: z.int().positive(),
	licence: z.string(),
	contextTokens: z.int().positive(),
	parameters: z.string(),
	/** Used, and shown, when a request brings no system message. */
	defaultSystemPrompt: z.string().nullable(),
	/** Used when a request brings no temperature; null for LMX's own. The smallest models keep to the question only at 0. */
	defaultTemperature: z.number().min(0).max(2).nullable(),
	summary: z.string(),
};

/** The catalogue of models: files that ship with the repository, and larger ones with their Hugging Face location. */
export const modelCatalogueSchema = z.strictObject({
	defaultModel: z.string(),
	models: z.array(
		z.discriminatedUnion("source", [
			z.strictObject({ ...common, source: z.literal("bundled"), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
			z.strictObject({ ...common, source: z.literal("huggingface"), repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/) }),
		]),
	),
});

/** The catalogue of models. */
export type ModelCatalogue = z.infer<typeof modelCatalogueSchema>;
