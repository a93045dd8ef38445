import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OpenDocuments } from "./open-documents.ts";

let folder: string;
let said: string[];
let documents: OpenDocuments;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), "opta-documents-"));
	said = [];
	const say = (what: string) => (uri: string, version?: number) => {
		said.push(`${what} ${path.basename(uri)}${version === undefined ? "" : ` ${version}`}`);
		return Promise.resolve();
	};
	documents = new OpenDocuments({ open: say("open"), change: say("change"), close: say("close") });
});

afterEach(() => rm(folder, { recursive: true }));

const write = async (name: string, text: string) => {
	await writeFile(path.join(folder, name), text);
	return path.join(folder, name);
};

test("a server is told of a file once, and again only when it changed", async () => {
	const file = await write("a.ts", "1");
	await documents.bring(file);
	await documents.bring(file);
	await write("a.ts", "2");
	expect(await documents.bring(file)).toMatchObject({ version: 2, text: "2" });
	expect(said).toEqual(["open a.ts 1", "change a.ts 2"]);
});

test("no more than 50 are open: the least used is closed", async () => {
	for (let index = 0; index < 50; index++) {
		await documents.bring(await write(`${index}.ts`, ""));
	}
	await documents.bring(path.join(folder, "0.ts"));
	await documents.bring(await write("last.ts", ""));
	expect(documents.count).toBe(50);
	expect(said.at(-1)).toBe("close 1.ts");
});

test("files that changed or went away meanwhile are brought up to date", async () => {
	await documents.bring(await write("a.ts", "1"));
	const gone = await write("b.ts", "1");
	await documents.bring(gone);
	await write("a.ts", "2");
	await rm(gone);
	await documents.refresh(fileURLToPath);
	expect(said.slice(2)).toEqual(["change a.ts 2", "close b.ts"]);
});
