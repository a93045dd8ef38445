import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { childEnvironment, repositoryRoot } from "../environment/env.ts";
import { localBin } from "./static-checks.ts";

const copy = mkdtempSync(path.join(tmpdir(), "opta-lint-"));
cpSync(path.join(repositoryRoot, "biome.json"), path.join(copy, "biome.json"));
cpSync(path.join(repositoryRoot, "lint"), path.join(copy, "lint"), { recursive: true });
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Lints one file as if it stood in the repository, by the repository's own rules. */
function lint(file: string, source: string): { readonly clean: boolean; readonly output: string } {
	const target = path.join(copy, file);
	mkdirSync(path.dirname(target), { recursive: true });
	writeFileSync(target, source);
	const result = spawnSync(localBin("biome"), ["lint", "--vcs-enabled=false", "--colors=off", target], {
		cwd: copy,
		env: childEnvironment(),
		encoding: "utf8",
	});
	rmSync(target);
	return { clean: result.status === 0, output: result.stdout + result.stderr };
}

const importing = (name: string): string => `import { x } from "${name}";\n\nexport const y = x;\n`;

describe("the import table", () => {
	it.each([
		["packages/contracts/src/a.ts", "@opta/ui/button.tsx"],
		["packages/ui/src/a.ts", "@opta/auth/session"],
		["packages/auth/src/a.ts", "@opta/ui/button.tsx"],
		["packages/host-client/src/a.ts", "@opta/lmx/main"],
		["packages/lmx/src/a.ts", "@opta/native-host/main"],
		["packages/tunnel/src/a.ts", "@opta/lmx/main"],
		["packages/dashboard/src/a.ts", "@opta/auth/session"],
		["native-host/src/a.ts", "@opta/dashboard/chat-page.tsx"],
		["apps/home/a.ts", "@opta/lmx/main"],
		["apps/lmx/a.ts", "@opta/platform/start/main"],
	])("refuses in %s an import of %s", (file, name) => {
		expect(lint(file, importing(name)).output).toContain("noRestrictedImports");
	});

	it.each([
		["packages/lmx/src/a.ts", "@opta/contracts/ports"],
		["packages/dashboard/src/a.ts", "@opta/host-client/host-client"],
		["native-host/src/a.ts", "@opta/lmx/main"],
		["apps/lmx/a.ts", "@opta/dashboard/chat-page.tsx"],
	])("allows in %s an import of %s", (file, name) => {
		expect(lint(file, importing(name))).toMatchObject({ clean: true });
	});
});

describe("the environment", () => {
	it("is read in env.ts only", () => {
		const source = "export const home = process.env.HOME;\n";
		expect(lint("packages/auth/src/session.ts", source).output).toContain("noProcessEnv");
		expect(lint("packages/auth/src/env.ts", source)).toMatchObject({ clean: true });
	});
});

describe("absolute addresses", () => {
	it.each(["new URL('/x', request.url)", "request.nextUrl.origin", "request.nextUrl.href"])("never come from %s", (expression) => {
		const source = `export const a = (request: { url: string; nextUrl: URL }) => ${expression};\n`;
		expect(lint("apps/home/app/a.ts", source).output).toContain("siteUrl()");
		expect(lint("packages/auth/src/a.ts", source).output).toContain("siteUrl()");
	});
});
