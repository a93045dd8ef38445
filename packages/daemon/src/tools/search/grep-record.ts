import { z } from "zod";

/** Text as ripgrep's JSON has it: `bytes` in base64 where it is not UTF-8. */
const rgTextSchema = z.union([z.object({ text: z.string() }), z.object({ bytes: z.base64() })]);

/** One record of `rg --json`; only what is used of it. */
export const grepRecordSchema = z.object({
	type: z.string(),
	data: z.object({
		path: rgTextSchema.nullish(),
		lines: rgTextSchema.nullish(),
		line_number: z.int().nullish(),
	}),
});

/** The text of a record's part; what is not UTF-8 is read as Latin-1. */
export function textIn(part: z.infer<typeof rgTextSchema> | null | undefined): string {
	if (part === null || part === undefined) {
		return "";
	}
	return "text" in part ? part.text : Buffer.from(part.bytes, "base64").toString("latin1");
}
