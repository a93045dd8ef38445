import { z } from "zod";
import type { Tool } from "../tool.ts";
import { changeTool, readTextFile, textChange } from "./change/change-tool.ts";
import type { ChangeParts } from "./change/commit-changes.ts";
import type { FileChange } from "./change/file-change.ts";
import { applyEdits, type TextEdit } from "./edit/apply-edits.ts";
import { type Place, ToolInputError } from "./locate.ts";

const edit = {
	old_string: z.string().describe("The text to replace, exactly as in the file, white space included, without line numbers."),
	new_string: z.string().describe("What comes in its place."),
	replace_all: z.boolean().default(false).describe("Replaces every place instead of the only one."),
};
const editSchema = z.strictObject(edit);
const path = z.string().describe("Relative to the workspace, or absolute.");
const editInput = z.strictObject({ path, ...edit });
const multiInput = z.strictObject({ path, edits: z.array(editSchema).min(1).max(200).describe("Applied one after the other.") });

function textEdit({ old_string, new_string, replace_all }: z.infer<typeof editSchema>): TextEdit {
	return { oldText: old_string, newText: new_string, everywhere: replace_all };
}

async function planEdits(place: Place, edits: readonly TextEdit[]): Promise<readonly FileChange[]> {
	const file = await readTextFile(place);
	if (file === null) {
		throw new ToolInputError(`${place.shown} does not exist. Use write_file to create it.`);
	}
	const result = applyEdits(file.text, edits);
	if (!result.ok) {
		throw new ToolInputError(`${place.shown}: ${result.message}`);
	}
	return [textChange(place, file, result.text)];
}

/** `edit_file`. */
export function editFileTool(parts: ChangeParts): Tool {
	return changeTool(parts, {
		name: "edit_file",
		description:
			"Replaces one piece of text in a file. old_string must be in the file exactly once (give enough lines around it), or set replace_all. Line ends, encoding and rights of the file are kept. Read the file first. Refused when the file was changed by somebody else since you read it.",
		input: editInput,
		paths: (args) => [args.path],
		plan: (args, [place]) => planEdits(place, [textEdit(args)]),
		title: (_, [shown]) => `Edit ${shown}`,
		say: (_, [change]) => `Edited ${change?.place.shown}.`,
	});
}

/** `multi_edit`. */
export function multiEditTool(parts: ChangeParts): Tool {
	return changeTool(parts, {
		name: "multi_edit",
		description:
			"Makes several edits in one file, one after the other, all or none. Each works as in edit_file and sees what the edits before it left.",
		input: multiInput,
		paths: (args) => [args.path],
		plan: ({ edits }, [place]) => planEdits(place, edits.map(textEdit)),
		title: ({ edits }, [shown]) => `Edit ${shown} (${edits.length} changes)`,
		say: ({ edits }, [change]) => `Made ${edits.length} edits in ${change?.place.shown}.`,
	});
}
