import type { z } from "zod";
import type { Tool, ToolOutcome } from "../../tool.ts";
import { type Place, ToolInputError } from "../locate.ts";
import { type Places, placeTool } from "../place-tool.ts";
import { readWhole } from "../regular-file.ts";
import { decodeText, detectForm, encodeText, type TextForm } from "../text-form.ts";
import { type ChangeParts, commitChanges } from "./commit-changes.ts";
import { changesDiff, type FileChange } from "./file-change.ts";

/** A text file that a call wants to change. */
export interface TextFile {
	readonly bytes: Buffer;
	readonly text: string;
	readonly form: TextForm;
	readonly mode: number;
}

/** Reads a file as text; null where there is none. Rejects with `ToolInputError` for anything else. */
export async function readTextFile(place: Place): Promise<TextFile | null> {
	const content = await readWhole(place.absolute, place.shown);
	if (content === null) {
		return null;
	}
	const form = detectForm(content.bytes);
	if (form === null) {
		throw new ToolInputError(`${place.shown} is not text, so its text cannot be changed.`);
	}
	return { ...content, form, text: decodeText(content.bytes, form) };
}

/** The change that gives a file this text, in the form it has. */
export function textChange(place: Place, before: TextFile | null, text: string): FileChange {
	const form = before?.form ?? { encoding: "utf8", byteOrderMark: false };
	const after = encodeText(text, form);
	if (after === null) {
		throw new ToolInputError(`${place.shown} is stored in a one-byte encoding that has no room for a character of the new text.`);
	}
	return { place, before: before?.bytes ?? null, after, ...(before === null ? {} : { mode: before.mode }) };
}

/** A tool that changes files. */
export interface ChangeTool<Input> {
	readonly name: string;
	readonly description: string;
	readonly input: z.ZodType<Input>;
	readonly paths: (input: Input) => readonly [string, ...string[]];
	/** What would change, worked out from the files as they are. Rejects where it makes no sense. */
	readonly plan: (input: Input, places: Places) => Promise<readonly FileChange[]>;
	readonly title: (input: Input, shown: readonly [string, ...string[]]) => string;
	/** What the model is told of changes that were made. */
	readonly say: (input: Input, changes: readonly FileChange[]) => string;
}

/** A tool of kind `edit`: the person sees the diff before it is made, and what is made is worked out again from the files as they are then. */
export function changeTool<Input>(parts: ChangeParts, tool: ChangeTool<Input>): Tool {
	return placeTool({
		name: tool.name,
		description: tool.description,
		kind: "edit",
		input: tool.input,
		paths: tool.paths,
		title: tool.title,
		detail: async (input, places) => changesDiff(await tool.plan(input, places)),
		run: async (input, places, context): Promise<ToolOutcome> => {
			const paths = places.map((place) => place.absolute);
			const changes = await commitChanges(parts, paths, () => tool.plan(input, places), context);
			return { ok: true, output: tool.say(input, changes), diff: changesDiff(changes) };
		},
	});
}
