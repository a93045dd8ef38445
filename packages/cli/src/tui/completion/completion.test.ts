import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findCompletion, findMentions, mentionOf } from "./find-completion.ts";
import { rank } from "./rank.ts";
import { readMentions } from "./read-mentions.ts";

const at = (text: string) => findCompletion({ text, cursor: text.length });

describe("findCompletion", () => {
	it("finds commands at the start and files anywhere", () => {
		expect(at("/mo")).toMatchObject({ kind: "command", query: "mo" });
		expect(at("see @src/a")).toEqual({ kind: "file", query: "src/a", start: 4, end: 10 });
		expect(at('see @"my fi')).toMatchObject({ query: "my fi" });
		for (const text of ["/model x", "me@example.com", "see /mo", ""]) {
			expect(at(text)).toBeNull();
		}
	});

	it("finds again every file that was mentioned", () => {
		const file = fc.stringMatching(/^[a-z]{1,5}[ /_-][a-z]{1,5}\.[a-z]{1,3}$/);
		fc.assert(
			fc.property(fc.uniqueArray(file, { maxLength: 4 }), (files) => {
				expect(findMentions(`look at ${files.map(mentionOf).join(" and ")}, please`)).toEqual(files);
			}),
		);
	});
});

describe("rank", () => {
	it("finds by letters in order, best first", () => {
		expect(rank(["src/main.ts", "docs/a.md", "src/m.ts"], "srcm", (file) => file, 5)).toEqual(["src/m.ts", "src/main.ts"]);
	});
});

describe("readMentions", () => {
	let folder = "";
	beforeAll(async () => {
		folder = await mkdtemp(path.join(os.tmpdir(), "opta-mentions-"));
		await mkdir(path.join(folder, "project"));
		await writeFile(path.join(folder, "secret.txt"), "outside");
		await writeFile(path.join(folder, "project", "a.ts"), "let a;");
		await writeFile(path.join(folder, "project", "shot.png"), "x");
		await writeFile(path.join(folder, "project", "blob.bin"), Buffer.from([1, 0, 2]));
	});
	afterAll(() => rm(folder, { recursive: true }));
	const read = (text: string, vision = false) => readMentions(text, path.join(folder, "project"), { name: "small-model", vision });

	it("takes files of the workspace along, and leaves words and what is outside alone", async () => {
		expect(await read("see @a.ts, @someone and @../secret.txt")).toEqual({
			attachments: [{ kind: "file", name: "a.ts", content: "let a;" }],
			refused: [],
		});
	});

	it("refuses pictures for a model without vision, and says why", async () => {
		const { attachments, refused } = await read("what is @shot.png and @blob.bin");
		expect(attachments).toEqual([]);
		expect(refused[0]).toContain("small-model reads text only");
		expect(refused[1]).toContain("no text file");
	});
});
