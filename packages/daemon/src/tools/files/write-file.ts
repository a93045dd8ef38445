import { z } from "zod";
import type { Tool } from "../tool.ts";
import { changeTool, readTextFile, textChange } from "./change/change-tool.ts";
import type { ChangeParts } from "./change/commit-changes.ts";
import { lineEndOf, withLineEnd } from "./edit/plain-lines.ts";
import { ToolInputError } from "./locate.ts";

const input = z.strictObject({
	path: z.string().describe("Relative to the workspace, or absolute. Missing folders are created."),
	content: z.string().describe("The whole content."),
});

/** `write_file`. */
export function writeFileTool(parts: ChangeParts): Tool {
	return changeTool(parts, {
		name: "write_file",
		description:
			"Gives a file its whole content: creates it, or replaces everything in it. Encoding, line ends and rights of a file that exists are kept. To change a part of a file use edit_file. Refused when the file was changed by somebody else since you read it.",
		input,
		paths: ({ path }) => [path],
		plan: async ({ content }, [place]) => {
			const before = await readTextFile(place);
			const isCrlf = before !== null && lineEndOf(before.text) === "\r\n" && !content.includes("\r\n");
			const text = isCrlf ? withLineEnd(content, "\r\n") : content;
			if (before?.text === text) {
				throw new ToolInputError(`${place.shown} already has exactly this content.`);
			}
			return [textChange(place, before, text)];
		},
		title: (_, [shown]) => `Write ${shown}`,
		say: (_, [change]) => {
			const verb = change?.before === null ? "Created" : "Replaced the content of";
			return `${verb} ${change?.place.shown} (${change?.after?.length} bytes).`;
		},
	});
}
