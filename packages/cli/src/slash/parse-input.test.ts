import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtinCommands } from "./builtin-commands.ts";
import { loadUserCommands } from "./load-user-commands.ts";
import { parseInput } from "./parse-input.ts";
import { expandUserCommand, parseUserCommand } from "./user-command.ts";

describe("parseInput", () => {
	it("reads commands with what follows them", () => {
		expect(parseInput("/Model qwen 3 ")).toEqual({ kind: "command", name: "model", arguments: "qwen 3" });
		expect(parseInput("/git:amend\nwith lines")).toEqual({ kind: "command", name: "git:amend", arguments: "with lines" });
	});

	it("takes paths, spaces before a slash and plain words for prompts", () => {
		for (const text of ["/tmp/x.log is big", " /help", "what is /help", "/ help", "a ! b"]) {
			expect(parseInput(text)).toEqual({ kind: "prompt", text: text.trim() });
		}
	});

	it("reads shell commands", () => {
		expect(parseInput("!ls -la | head")).toEqual({ kind: "shell", command: "ls -la | head" });
		expect(parseInput("!")).toEqual({ kind: "nothing" });
	});

	it("loses no word of any prompt, and finds every command again", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom(...builtinCommands), (text, command) => {
				const parsed = parseInput(text);
				expect(parsed.kind === "prompt" ? parsed.text : text.trim()).toBe(text.trim());
				expect(parseInput(`/${command.name} ${text}`)).toEqual({ kind: "command", name: command.name, arguments: text.trim() });
			}),
		);
	});
});

describe("user commands", () => {
	it("reads front matter and puts arguments in their place", () => {
		const command = parseUserCommand(
			"fix",
			"fix.md",
			'---\ndescription: "Fix it"\nusage: <issue>\n---\nFix $ARGUMENTS, all of $ARGUMENTS.\n',
		);
		expect(command).toMatchObject({ description: "Fix it", usage: "<issue>" });
		expect(expandUserCommand(command, "$& #7")).toBe("Fix $& #7, all of $& #7.");
		expect(expandUserCommand({ ...command, text: "Review." }, "the last commit")).toBe("Review.\n\nthe last commit");
	});

	it("keeps the whole prompt of any file without front matter", () => {
		fc.assert(
			fc.property(fc.string(), (source) => {
				fc.pre(!source.startsWith("---"));
				expect(parseUserCommand("x", "x.md", source).text).toBe(source.trim());
			}),
		);
	});
});

describe("loadUserCommands", () => {
	let folder = "";
	beforeAll(async () => {
		folder = await mkdtemp(path.join(os.tmpdir(), "opta-commands-"));
		await mkdir(path.join(folder, "home", "commands", "git"), { recursive: true });
		await mkdir(path.join(folder, "project", ".opta", "commands"), { recursive: true });
		await writeFile(path.join(folder, "home", "commands", "git", "amend.md"), "Amend.");
		await writeFile(path.join(folder, "home", "commands", "review.md"), "Mine.");
		await writeFile(path.join(folder, "home", "commands", "help.md"), "Mine.");
		await writeFile(path.join(folder, "project", ".opta", "commands", "review.md"), "The project's.");
	});
	afterAll(() => rm(folder, { recursive: true }));

	it("reads both folders, the project's before the user's, and says what it does not use", async () => {
		const loaded = await loadUserCommands(path.join(folder, "home"), path.join(folder, "project"));
		expect(loaded.commands.map((command) => [command.name, command.text])).toEqual([
			["git:amend", "Amend."],
			["review", "The project's."],
		]);
		expect(loaded.problems).toHaveLength(1);
		expect(loaded.problems[0]).toContain("/help is a command of Opta itself");
	});

	it("finds nothing where there is nothing", async () => {
		expect(await loadUserCommands(path.join(folder, "no"), path.join(folder, "no"))).toEqual({ commands: [], problems: [] });
	});
});
