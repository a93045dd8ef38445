import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";

const folder = import.meta.dirname;

it("imports only what its map names, and nothing of Node", async () => {
	const { imports } = JSON.parse(await readFile(path.join(folder, "deno.json"), "utf8")) as { imports: Record<string, string> };
	const waiting = [path.join(folder, "index.ts")];
	const seen = new Set<string>();
	const used = new Set<string>();
	for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
		seen.add(file);
		const text = await readFile(file, "utf8");
		expect(text, file).not.toMatch(/\b(process|Buffer|require)\b[.(]/);
		for (const [, name = ""] of text.matchAll(/from "([^"]+)"/g)) {
			const target = name.startsWith(".") ? name : imports[name];
			expect(target, `${name} of ${file} is not in deno.json`).toBeDefined();
			used.add(name);
			const next = path.resolve(name.startsWith(".") ? path.dirname(file) : folder, target!);
			if (!target!.startsWith("npm:") && !seen.has(next)) {
				waiting.push(next);
			}
		}
	}
	expect(Object.keys(imports).filter((name) => !used.has(name))).toEqual([]);
});
