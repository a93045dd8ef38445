import { expect, it } from "vitest";
import { describeLogLine } from "./daemon-logs.ts";

it("shows time, level and message of a line, and what else is in it", () => {
	const line = '{"level":40,"time":"2026-11-23T06:00:00.000Z","pid":1,"hostname":"h","name":"daemon","port":9999,"msg":"listening"}';
	expect(describeLogLine(line)).toBe('2026-11-23T06:00:00.000Z warn  listening {"port":9999}');
});

it("leaves what is no JSON as it is", () => {
	expect(describeLogLine("Error: something")).toBe("Error: something");
});
