import { mkdtempSync, readFileSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createLogger } from "./create-logger.ts";
import { openRotatingFile } from "./rotating-file.ts";

function start(maxBytes: number) {
	const file = path.join(mkdtempSync(path.join(os.tmpdir(), "opta-log-")), "logs", "daemon.log");
	return { file, log: openRotatingFile(file, () => maxBytes) };
}

describe("openRotatingFile", () => {
	it("never grows over its bound and keeps the newest lines in order", () => {
		const { file, log } = start(1000);
		for (let index = 0; index < 500; index++) {
			log.write(`line ${index}\n`);
			expect(log.bytes()).toBeLessThanOrEqual(1000);
		}
		const kept = `${readFileSync(`${file}.1`, "utf8")}${readFileSync(file, "utf8")}`.trim().split("\n");
		expect(kept.at(-1)).toBe("line 499");
		expect(kept).toEqual(Array.from({ length: kept.length }, (_line, index) => `line ${500 - kept.length + index}`));
	});

	it("goes on with the file of an earlier start, and cuts a line that is larger than the bound", () => {
		const { file, log } = start(1000);
		log.write("first\n");
		log.close();
		const again = openRotatingFile(file, () => 1000);
		again.write("second\n");
		expect(readFileSync(file, "utf8")).toBe("first\nsecond\n");
		again.write("x".repeat(5000));
		expect(again.bytes()).toBeLessThanOrEqual(1000);
		expect(statSync(file).mode & 0o777).toBe(0o600);
	});
});

describe("createLogger", () => {
	it("writes JSON lines without secrets", () => {
		const { file, log } = start(100_000);
		createLogger(log).info({ authorization: "Bearer abcdefghijkl", path: "/v3" }, "asked");
		const [line] = readFileSync(file, "utf8").split("\n");
		expect(JSON.parse(line ?? "")).toMatchObject({ name: "daemon", msg: "asked", path: "/v3", authorization: "[redacted]" });
	});
});
