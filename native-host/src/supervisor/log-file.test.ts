import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLogFile } from "./log-file.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function unexpected(error: Error): never {
	throw error;
}

describe("openLogFile", () => {
	it("appends to an earlier log, in a file for the user alone", () => {
		const file = path.join(folder, "logs", "lmx.log");
		for (const line of ["first run", "second run"]) {
			const log = openLogFile({ file, onError: unexpected });
			log.write(line);
			log.close();
		}
		expect(readFileSync(file, "utf8")).toBe("first run\nsecond run\n");
		expect(statSync(file).mode & 0o777).toBe(0o600);
	});

	it("keeps the newest lines in two bounded files", () => {
		const file = path.join(folder, "lmx.log");
		const log = openLogFile({ file, maxBytes: 100, onError: unexpected });
		for (let index = 0; index < 50; index++) {
			log.write(`line ${index}`.padEnd(19, "."));
		}
		log.close();
		expect(readdirSync(folder).sort()).toEqual(["lmx.log", "lmx.log.1"]);
		expect(readFileSync(file, "utf8").trimEnd().split("\n").at(-1)).toMatch(/^line 49/);
		expect(statSync(file).size + statSync(`${file}.1`).size).toBeLessThanOrEqual(200);
	});

	it("says once that the log cannot be written, and goes on", () => {
		writeFileSync(path.join(folder, "logs"), "a file where the folder should be");
		const errors: string[] = [];
		const log = openLogFile({ file: path.join(folder, "logs", "lmx.log"), onError: (error) => errors.push(error.message) });
		log.write("lost");
		log.write("lost too");
		log.close();
		expect(errors).toHaveLength(1);
	});
});
