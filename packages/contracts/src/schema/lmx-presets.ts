import { z } from "zod";
import { reasoningEfforts, samplingShape } from "./lmx-chat.ts";

/** Name of a preset; requests use it as the name of a model, in any case of letters. */
export const presetNameSchema = z
	.string()
	.regex(
		/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/,
		"must be 1 to 64 letters, digits, dots, dashes or underscores, and begin with a letter or digit",
	);

/** What a preset sets for requests that do not name it themselves. */
export const presetParametersSchema = z.strictObject({
	...samplingShape,
	max_tokens: z.int().min(1).nullish(),
	reasoning_effort: z.enum(reasoningEfforts).nullish(),
	reasoning_budget_tokens: z.int().min(0).nullish(),
	chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
});

/** Body of `PUT /admin/presets/:name`. What is left out is not set. */
export const presetBodySchema = z.strictObject({
	title: z.string().min(1).max(200).nullable().default(null),
	/** Name of a model, or `auto` for the one that a request without a name would get. */
	model: z.string().min(1).default("auto"),
	/** For requests that bring no system message. */
	systemPrompt: z.string().min(1).max(200_000).nullable().default(null),
	parameters: presetParametersSchema.default({}),
});

/** A preset as it is kept. */
export const presetSchema = presetBodySchema.extend({ name: presetNameSchema, updatedAt: z.iso.datetime() });

/** A preset with why it cannot be used now, in one sentence; null when it can. */
export const presetEntrySchema = presetSchema.extend({ problem: z.string().nullable() });

/** Answer of `GET /admin/presets`, by name. */
export const presetListSchema = z.object({ presets: z.array(presetEntrySchema) });

/** Body of `PUT /admin/presets/:name`, complete. */
export type PresetBody = z.output<typeof presetBodySchema>;
/** A preset as it is kept. */
export type Preset = z.infer<typeof presetSchema>;
/** A preset with why it cannot be used now. */
export type PresetEntry = z.infer<typeof presetEntrySchema>;
