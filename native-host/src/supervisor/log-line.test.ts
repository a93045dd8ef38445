import { describe, expect, it } from "vitest";
import { errorSentence, lastSentence, toLogLine } from "./log-line.ts";

const time = new Date("2026-11-21T08:00:00Z");

describe("toLogLine", () => {
	it("leaves JSON alone and wraps plain text", () => {
		expect(toLogLine("lmx", "stdout", '{"level":30,"msg":"hi"}', time)).toBe('{"level":30,"msg":"hi"}');
		expect(JSON.parse(toLogLine("lmx", "stderr", 'a "quoted" line', time))).toEqual({
			level: 50,
			time: "2026-11-21T08:00:00.000Z",
			name: "lmx",
			msg: 'a "quoted" line',
		});
	});
});

describe("errorSentence", () => {
	it.each([
		["stderr", "Port 1234 is in use.", "Port 1234 is in use."],
		["stdout", "listening", null],
		["stdout", '{"level":30,"msg":"request"}', null],
		["stdout", '{"level":50,"msg":"the model ended"}', "the model ended"],
		["stderr", '{"level":40,"msg":"slow"}', null],
		["stderr", "{ broken", "{ broken"],
	] as const)("%s %s", (stream, line, expected) => {
		expect(errorSentence(stream, line)).toBe(expected);
	});
});

describe("lastSentence", () => {
	it("finds the message in the report of an uncaught error", () => {
		const report = [
			"file:///srv/a.ts:3",
			"throw new Error('no disk')",
			"      ^",
			"Error: no disk",
			"    at main (file:///srv/a.ts:3:7)",
			"Node.js v24.21.0",
		];
		expect(lastSentence(report)).toBe("Error: no disk");
	});

	it("passes over Node's warnings", () => {
		const warnings = [
			"(node:7) [DEP0040] DeprecationWarning: old",
			"(Use `node --trace-deprecation ...` to show where the warning was created)",
		];
		expect(lastSentence(["Port 1234 is in use.", ...warnings])).toBe("Port 1234 is in use.");
		expect(lastSentence(warnings)).toBeNull();
	});

	it("knows when nothing was said", () => {
		expect(lastSentence([])).toBeNull();
	});
});
