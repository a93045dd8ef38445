import { describe, expect, it } from "vitest";
import { createErrorMirror } from "./terminal-lines.ts";

describe("createErrorMirror", () => {
	it("shows a few errors, points at the log once, and begins again later", () => {
		const lines: string[] = [];
		let nowMs = 0;
		const mirror = createErrorMirror(
			(line) => lines.push(line),
			() => nowMs,
		);
		for (let index = 0; index < 20; index++) {
			mirror("lmx", `error ${index}`, "/logs/lmx.log");
		}
		expect(lines).toHaveLength(6);
		expect(lines.at(-1)).toBe("lmx  further errors are in /logs/lmx.log");
		nowMs = 10_000;
		mirror("lmx", "another", "/logs/lmx.log");
		expect(lines.at(-1)).toBe("lmx  another");
	});
});
