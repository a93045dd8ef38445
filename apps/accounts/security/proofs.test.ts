import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const repository = path.resolve(import.meta.dirname, "../../..");
const page = readFileSync(path.join(repository, "docs/security.md"), "utf8");

/** `file` › name of the test, or its beginning. */
const proofs = [...page.matchAll(/`([\w./-]+\.(?:test|spec)\.tsx?)`(?: › ([^;|\n]+))?/g)].map(([, file = "", name = ""]) => ({
	file,
	name: name.trim(),
}));

it("docs/security.md names proofs for most of its lines", () => {
	expect(proofs.length).toBeGreaterThan(80);
});

it.each(proofs)("docs/security.md names a test that is there: $file › $name", ({ file, name }) => {
	const found = path.join(repository, file);
	expect(existsSync(found)).toBe(true);
	expect(readFileSync(found, "utf8")).toContain(name);
});
