import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findMlxCommand } from "./find-mlx-command.ts";

let home: string;
let command: string;

beforeEach(() => {
	home = mkdtempSync(path.join(tmpdir(), "opta-mlx-"));
	mkdirSync(path.join(home, ".local", "bin"), { recursive: true });
	command = path.join(home, ".local", "bin", "mlx_lm.server");
	writeFileSync(command, "");
	chmodSync(command, 0o755);
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const mac = { platform: "darwin", architecture: "arm64" } as const;

it("finds the command on the search path and where people's tools put it", () => {
	expect(findMlxCommand({ ...mac, searchPath: "/usr/bin", home })).toBe(command);
	expect(findMlxCommand({ ...mac, searchPath: `/usr/bin:${path.dirname(command)}`, home: "/nowhere" })).toBe(command);
	expect(findMlxCommand({ ...mac, searchPath: ".:bin", home: "/nowhere" })).toBeNull();
});

it("does not take a file that cannot be run, nor another machine", () => {
	expect(findMlxCommand({ platform: "linux", architecture: "arm64", searchPath: "", home })).toBeNull();
	expect(findMlxCommand({ platform: "darwin", architecture: "x64", searchPath: "", home })).toBeNull();
	chmodSync(command, 0o644);
	expect(findMlxCommand({ ...mac, searchPath: "", home })).toBeNull();
});
