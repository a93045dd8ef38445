import { readFileSync } from "node:fs";
import { parseInlineText } from "@opta/ui/inline-text.ts";
import { describe, expect, it } from "vitest";
import { optionSpecs as hostOptionSpecs } from "../../../../native-host/src/options/option-specs.ts";
import { optionSpecs } from "../../../../platform/src/environment/platform-options.ts";
import { agent } from "./agent.ts";
import { api } from "./api.ts";
import { commands } from "./commands.ts";
import type { Topic } from "./topic.ts";
import { topics } from "./topics.ts";

function tableRows(topic: Topic, caption: string): readonly (readonly string[])[] {
	const blocks = topic.sections.flatMap((section) => section.blocks);
	const table = blocks.find((block) => block.kind === "table" && block.caption === caption);
	return table?.kind === "table" ? table.rows : [];
}

function textsOf(topic: Topic): readonly string[] {
	return topic.sections.flatMap((section) =>
		section.blocks.flatMap((block) => {
			switch (block.kind) {
				case "text":
				case "notice":
					return [block.text];
				case "list":
				case "steps":
					return block.items;
				case "table":
					return block.rows.flat();
				default:
					return [];
			}
		}),
	);
}

describe("the reference", () => {
	it("lists exactly the flags and variables that npm start has", () => {
		expect(tableRows(commands, "Flags of npm start").map(([flag, variable]) => `${flag} ${variable}`)).toEqual(
			optionSpecs.map((spec) => `--${spec.flag} \`${spec.variable}\``),
		);
	});

	it("lists exactly the flags and variables that npm run host has", () => {
		expect(tableRows(commands, "Flags of npm run host").map(([flag, variable]) => `${flag} ${variable}`)).toEqual(
			hostOptionSpecs.map((spec) => `--${spec.flag} \`${spec.variable}\``),
		);
	});

	it("names only commands that the repository has", () => {
		const { scripts } = JSON.parse(readFileSync(new URL("../../../../package.json", import.meta.url), "utf8"));
		for (const [command = ""] of tableRows(commands, "Commands of the repository")) {
			expect(Object.keys(scripts)).toContain(command.replace(/^npm (run )?/, ""));
		}
	});

	it("lists exactly the commands that opta has", async () => {
		// By a variable, so that the site's types do not take the terminal's in.
		const table = "../../../../packages/cli/src/program/command-table.ts";
		const { commandSpecs }: { commandSpecs: readonly { name: string }[] } = await import(table);
		expect(
			tableRows(agent, "Commands of opta")
				.map(([command]) => command)
				.sort(),
		).toEqual(commandSpecs.map(({ name }) => `opta ${name}`).sort());
	});

	it("says what each route of the door answers, and what each error means", () => {
		for (const row of [...tableRows(api, "Routes that the tunnel door forwards"), ...tableRows(api, "Error codes")]) {
			expect(
				row.every((cell) => cell.length > 0),
				row.join(" · "),
			).toBe(true);
		}
	});

	it("links within itself to pages and sections that exist", () => {
		const anchors = new Set(topics.flatMap((topic) => [`/${topic.slug}`, ...topic.sections.map(({ id }) => `/${topic.slug}#${id}`)]));
		const links = topics.flatMap(textsOf).flatMap(parseInlineText);
		const paths = links.flatMap((piece) => (piece.kind === "link" && piece.site === "help" ? [piece.path] : []));
		expect(paths.filter((path) => !anchors.has(path))).toEqual([]);
		expect(paths.length).toBeGreaterThan(0);
	});
});
