import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { explainMissing, findCloudflared } from "./find-cloudflared.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-find-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, mode = 0o755): string {
	const file = path.join(folder, name);
	mkdirSync(path.dirname(file), { recursive: true });
	writeFileSync(file, "#!/bin/sh\n");
	chmodSync(file, mode);
	return file;
}

describe("findCloudflared", () => {
	it("takes what the user named, else the first on the search path that can be run", () => {
		const own = program("own/program");
		program("first/cloudflared", 0o644);
		mkdirSync(path.join(folder, "second", "cloudflared"), { recursive: true });
		const third = program("third/cloudflared");
		const searchPath = ["relative", "first", "second", "third"]
			.map((name, index) => (index === 0 ? name : path.join(folder, name)))
			.join(":");
		expect(findCloudflared({ configured: own, searchPath })).toBe(own);
		expect(findCloudflared({ configured: undefined, searchPath })).toBe(third);
		expect(findCloudflared({ configured: "", searchPath })).toBe(third);
	});

	it("looks nowhere else when what the user named is not there", () => {
		program("bin/cloudflared");
		expect(findCloudflared({ configured: path.join(folder, "missing"), searchPath: path.join(folder, "bin") })).toBeNull();
	});

	it("says how to get it", () => {
		expect(explainMissing(undefined, "darwin")).toContain("brew install cloudflared");
		expect(explainMissing(undefined, "linux")).toContain("https://pkg.cloudflare.com");
		expect(explainMissing("/opt/x", "linux")).toContain("/opt/x");
	});
});
