import path from "node:path";
import { z } from "zod";
import { writePrivateText } from "../../platform/private-file.ts";
import { locate } from "../files/locate.ts";
import { createPathLocks } from "../files/path-locks.ts";
import { isSecretPath } from "../files/sensitive-path.ts";
import { limitOutput } from "../output/limit-output.ts";
import { defineTool, type Tool, type ToolGroup } from "../tool.ts";
import { maxMemoryBytes, memoryFile, type ProjectNotes, readNotes } from "./memory-files.ts";

const writeInput = z.strictObject({
	text: z.string().min(1).max(maxMemoryBytes).describe("Markdown."),
	replace: z.boolean().default(false).describe("Puts this in place of everything that is remembered, instead of adding it at the end."),
});

const access = { subjects: ["memory"], alwaysPatterns: ["memory"] };

/** The project's own instructions; null where there are none, or where a link leads to something else. */
async function projectInstructions(workspace: string): Promise<ProjectNotes | null> {
	const place = await locate(workspace, "AGENTS.md");
	return place.inside && !isSecretPath(place.shown) ? readNotes(place.absolute) : null;
}

function section(title: string, notes: ProjectNotes | null): string[] {
	if (notes === null || notes.text.trim() === "") {
		return [];
	}
	const cut = notes.isCut ? "\n[The file goes on. Read it with read_file.]" : "";
	return [`## ${title} (${notes.path})\n\n${notes.text.trimEnd()}${cut}`];
}

function memoryRead(home: string): Tool {
	return defineTool({
		name: "memory_read",
		description:
			"Shows what was remembered of this project in earlier sessions, and the instructions in AGENTS.md of the project and of the user. Worth reading before the first change in a session.",
		kind: "read",
		input: z.strictObject({}),
		access: () => ({ title: "Read what is remembered of this project", ...access }),
		run: async (_, { workspace, maxOutputBytes }) => {
			const sections = [
				...section("Remembered", await readNotes(memoryFile(home, workspace))),
				...section("Instructions of the project", await projectInstructions(workspace)),
				...section("Instructions of the user", await readNotes(path.join(home, "AGENTS.md"))),
			];
			const text = sections.length === 0 ? "Nothing is remembered of this project." : sections.join("\n\n");
			const limited = limitOutput(text, maxOutputBytes, "Read the files with read_file.");
			return { ok: true, output: limited.text, truncated: limited.truncated };
		},
	});
}

function memoryWrite(home: string): Tool {
	const locks = createPathLocks();
	return defineTool({
		name: "memory_write",
		description:
			"Remembers something about this project for later sessions: how to build and test it, decisions, wishes of the user. Not for secrets, and not for what the files say anyway.",
		kind: "edit",
		input: writeInput,
		access: ({ text, replace }) => ({
			title: replace ? "Replace what is remembered of this project" : "Remember something of this project",
			detail: text,
			...access,
		}),
		run: async ({ text, replace }, { workspace }) => {
			const file = memoryFile(home, workspace);
			return locks.hold([file], async () => {
				const before = replace ? "" : ((await readNotes(file))?.text ?? "");
				const after = `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${text.trimEnd()}\n`;
				if (Buffer.byteLength(after) > maxMemoryBytes) {
					return {
						ok: false,
						output: `More than ${maxMemoryBytes} bytes would be remembered. Read it, and replace it with something shorter.`,
					};
				}
				await writePrivateText(file, after);
				return { ok: true, output: `Remembered (${file}).` };
			});
		},
	});
}

/** `memory_read` and `memory_write`: a Markdown file per project under the user's home, which people can edit too. */
export function memoryTools(home: string): ToolGroup {
	return { tools: [memoryRead(home), memoryWrite(home)], closeSession: () => Promise.resolve(), close: () => Promise.resolve() };
}
