import { z } from "zod";
import { chatToolSchema, mcpToolSchema } from "./lmx-chat.ts";
import { presetParametersSchema } from "./lmx-presets.ts";

/** What stands before the name of a skill where it is used as the name of a model. */
export const skillPrefix = "skill:";

/** The head of a skill's Markdown file, in YAML between two lines of `---`. The text below it is the system prompt. */
export const skillHeadSchema = z.strictObject({
	description: z.string().min(1).max(1000),
	/** Name of a model, or `auto` for the one that a request without a name would get. */
	model: z.string().min(1).default("auto"),
	/** Used by requests that bring no tools. */
	tools: z
		.array(z.discriminatedUnion("type", [chatToolSchema, mcpToolSchema]))
		.max(128)
		.default([]),
	parameters: presetParametersSchema.default({}),
});

/** One skill of `GET /admin/skills`. */
export const skillEntrySchema = skillHeadSchema.extend({
	/** Of the file, without its ending. */
	name: z.string(),
	/** What requests write as the name of the model. */
	id: z.string(),
	systemPrompt: z.string(),
});

/** Answer of `GET /admin/skills`, by name, with the files that are none and why. */
export const skillListSchema = z.object({
	skills: z.array(skillEntrySchema),
	problems: z.array(z.object({ file: z.string(), message: z.string() })),
});

/** One skill. */
export type SkillEntry = z.infer<typeof skillEntrySchema>;
/** Answer of `GET /admin/skills`. */
export type SkillList = z.infer<typeof skillListSchema>;
