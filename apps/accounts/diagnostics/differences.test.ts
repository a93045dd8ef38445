import { readFile } from "node:fs/promises";
import path from "node:path";
import { type BackEndCapabilities, backEndCapabilities } from "@opta/auth/back-end-capabilities";
import { expect, it } from "vitest";
import { type Capability, differenceInWords, differences } from "./differences.ts";

const hosted = backEndCapabilities({ jwtSecret: null });
const embedded = backEndCapabilities({ jwtSecret: "x" });

it("has words for every difference, and no more", () => {
	const { name: _, ...rest }: BackEndCapabilities = hosted;
	expect(Object.keys(differences).sort()).toEqual(Object.keys(rest).sort());
});

it("says in the documentation what the page says", async () => {
	const text = await readFile(path.resolve(import.meta.dirname, "../../../docs/accounts.md"), "utf8");
	for (const name of Object.keys(differences) as Capability[]) {
		const row = [differences[name].what, differenceInWords(hosted, name), differenceInWords(embedded, name)];
		expect(text.replaceAll(/ +/g, " ")).toContain(`| ${row.join(" | ")} |`);
	}
});
