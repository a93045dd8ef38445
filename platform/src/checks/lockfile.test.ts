import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "../environment/env.ts";

interface Lockfile {
	readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
}

describe("the lockfile", () => {
	it("names the builds of every platform, also of those that it was not written on: npm ci refuses it otherwise", () => {
		const { packages }: Lockfile = JSON.parse(readFileSync(path.join(repositoryRoot, "package-lock.json"), "utf8"));
		const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
			Object.keys(optionalDependencies).filter(
				(name) => !(`${place}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
			),
		);
		expect(missing.filter((name) => !name.endsWith("wasm32-wasi"))).toEqual([]);
	});
});
