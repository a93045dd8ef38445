import { type SkillEntry, skillHeadSchema, skillPrefix } from "@opta/contracts/schema/lmx-skills";
import { parseDocument } from "yaml";

/** A skill, or what is wrong with its file, in one sentence. */
export type ParsedSkill = { readonly ok: true; readonly skill: SkillEntry } | { readonly ok: false; readonly message: string };

function refuse(message: string): ParsedSkill {
	return { ok: false, message };
}

/** Reads a skill: a head in YAML between two lines of `---`, and below it the system prompt. */
export function parseSkill(name: string, text: string): ParsedSkill {
	const match = /^\uFEFF?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n(.*))?$/s.exec(text);
	if (match === null) {
		return refuse("It has no head: begin the file with a line of ---, the description, and another line of ---.");
	}
	const document = parseDocument(match[1] ?? "");
	const [mistake] = document.errors;
	if (mistake !== undefined) {
		return refuse(`Its head is not valid YAML: ${mistake.message.split("\n", 1)[0]}`);
	}
	let value: unknown;
	try {
		value = document.toJS({ maxAliasCount: 100 });
	} catch (error) {
		return refuse(`Its head is not valid YAML: ${error instanceof Error ? error.message : String(error)}`);
	}
	const head = skillHeadSchema.safeParse(value);
	if (!head.success) {
		const [issue] = head.error.issues;
		return refuse(`${issue?.path.join(".") || "Its head"}: ${issue?.message ?? "not valid"}.`);
	}
	const systemPrompt = (match[2] ?? "").trim();
	return systemPrompt === ""
		? refuse("It has no text below its head. The text is what the model is told.")
		: { ok: true, skill: { ...head.data, name, id: `${skillPrefix}${name}`, systemPrompt } };
}
