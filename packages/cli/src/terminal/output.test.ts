import { expect, it } from "vitest";
import { createOutput } from "./output.ts";

function stream(isTTY: boolean) {
	let text = "";
	return {
		isTTY,
		columns: 20,
		write(part: string, done?: () => void) {
			text += part;
			done?.();
		},
		read: () => text,
	};
}

it("keeps stdout free of colours, progress and notes where it is no terminal", () => {
	const [stdout, stderr] = [stream(false), stream(true)];
	const output = createOutput(stdout, stderr, {});
	output.progress("reading …");
	output.note("something happened");
	output.line(output.paint("red", "result"));
	expect(stdout.read()).toBe("result\n");
	expect(stderr.read()).toContain("something happened");
});

it("colours a terminal, unless NO_COLOR says otherwise", () => {
	expect(createOutput(stream(true), stream(true), {}).paint("red", "x")).toContain("\u001b[31m");
	expect(createOutput(stream(true), stream(true), { NO_COLOR: "1" }).paint("red", "x")).toBe("x");
	expect(createOutput(stream(true), stream(true), { TERM: "dumb" }).paint("red", "x")).toBe("x");
});

it("shows progress within one line, and takes it away before anything else", () => {
	const [stdout, stderr] = [stream(true), stream(true)];
	const output = createOutput(stdout, stderr, {});
	output.progress("a progress longer than the terminal is wide");
	expect(stderr.read()).toHaveLength(19);
	output.line("result");
	expect(stderr.read().endsWith("\r\u001b[K")).toBe(true);
});

it("shows no progress where stderr is no terminal", () => {
	const stderr = stream(false);
	createOutput(stream(false), stderr, {}).progress("reading …");
	expect(stderr.read()).toBe("");
});
