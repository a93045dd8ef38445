import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { presetOrSkillFinder } from "./find-skill.ts";
import { parseSkill } from "./parse-skill.ts";
import { SkillFolder } from "./skill-folder.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-skills-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const minutes = `---
description: Writes minutes of a meeting.
model: qwen3-8b
tools:
  - { type: mcp, server_label: calendar, allowed_tools: [today] }
parameters: { temperature: 0.2 }
---

You write minutes. Be short.
`;

describe("SkillFolder", () => {
	it("lists skills with their tools, and says of each other file why it is none", () => {
		writeFileSync(path.join(folder, "minutes.md"), minutes);
		writeFileSync(path.join(folder, "plain.md"), "Just text.");
		writeFileSync(path.join(folder, "wrong.md"), "---\ndescription: x\ntemperature: 1\n---\ntext");
		writeFileSync(path.join(folder, "empty.md"), "---\ndescription: x\n---\n");
		writeFileSync(path.join(folder, "Not A Name.md"), minutes);
		writeFileSync(path.join(folder, "notes.txt"), "no skill");
		const { skills, problems } = new SkillFolder(folder).list();
		expect(skills).toEqual([
			{
				name: "minutes",
				id: "skill:minutes",
				description: "Writes minutes of a meeting.",
				model: "qwen3-8b",
				tools: [{ type: "mcp", server_label: "calendar", allowed_tools: ["today"] }],
				parameters: { temperature: 0.2 },
				systemPrompt: "You write minutes. Be short.",
			},
		]);
		expect(problems.map(({ file }) => file)).toEqual(["Not A Name.md", "empty.md", "plain.md", "wrong.md"]);
		expect(problems.at(-1)?.message).toContain("temperature");
	});

	it("takes a changed file from then on, and never leaves its folder", () => {
		const file = path.join(folder, "minutes.md");
		writeFileSync(file, minutes);
		const skills = new SkillFolder(folder);
		expect(skills.find("Skill:Minutes")?.systemPrompt).toBe("You write minutes. Be short.");
		writeFileSync(file, minutes.replace("short", "long"));
		utimesSync(file, new Date(1000), new Date(1000));
		expect(skills.find("skill:minutes")?.systemPrompt).toBe("You write minutes. Be long.");
		rmSync(file);
		expect(skills.find("skill:minutes")).toBeUndefined();
		for (const name of ["minutes", "skill:", "skill:../minutes", "skill:/etc/passwd", "skill:a/b"]) {
			expect(skills.find(name)).toBeUndefined();
		}
		expect(new SkillFolder(path.join(folder, "gone")).list()).toEqual({ skills: [], problems: [] });
	});
});

describe("presetOrSkillFinder", () => {
	it("finds skills by name and through presets, whose own values come first", () => {
		writeFileSync(path.join(folder, "minutes.md"), minutes);
		const find = presetOrSkillFinder((name) => {
			return name === "mine" ? { model: "skill:minutes", defaults: { systemPrompt: null, parameters: { temperature: 1 } } } : undefined;
		}, new SkillFolder(folder));
		expect(find("skill:minutes")).toMatchObject({
			model: "qwen3-8b",
			defaults: { parameters: { temperature: 0.2, tools: [{ server_label: "calendar" }] } },
		});
		expect(find("mine")).toMatchObject({
			model: "qwen3-8b",
			defaults: { systemPrompt: "You write minutes. Be short.", parameters: { temperature: 1, tools: [{ server_label: "calendar" }] } },
		});
		expect(find("other")).toBeUndefined();
	});
});

describe("parseSkill", () => {
	it("never throws", () => {
		const piece = fc.constantFrom("---\n", "description: x\n", "tools: [", "&a ", "*a", "\n", "\t", "{", "}", "text");
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.array(piece).map((pieces) => `---\n${pieces.join("")}`),
				),
				(text) => {
					const parsed = parseSkill("x", text);
					expect(parsed.ok || parsed.message.length > 10).toBe(true);
				},
			),
		);
	});
});
