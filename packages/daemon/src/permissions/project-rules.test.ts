import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PermissionRule } from "@opta/contracts/schema/daemon-permission";
import { expect, it } from "vitest";
import { ProjectRules } from "./project-rules.ts";

const rule = (pattern: string): PermissionRule => ({ tool: "run_command", pattern, action: "allow" });

it("keeps what was allowed for a project, apart from other projects", async () => {
	const file = path.join(await mkdtemp(path.join(tmpdir(), "opta-rules-")), "daemon", "project-rules.json");
	const rules = await ProjectRules.open(file);
	await Promise.all([rules.add("/a", [rule("npm *")]), rules.add("/b", [rule("make *")]), rules.add("/a", [rule("npm *"), rule("git *")])]);
	const again = await ProjectRules.open(file);
	expect(again.of("/a")).toEqual([rule("npm *"), rule("git *")]);
	expect(again.of("/b")).toEqual([rule("make *")]);
	expect(again.of("/c")).toEqual([]);
	expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it("does not write over a file that it cannot read", async () => {
	const file = path.join(await mkdtemp(path.join(tmpdir(), "opta-rules-")), "project-rules.json");
	await writeFile(file, "{ broken");
	await expect(ProjectRules.open(file)).rejects.toThrow();
	expect(await readFile(file, "utf8")).toBe("{ broken");
});
