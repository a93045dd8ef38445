import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Screen, showCountdown } from "./countdown.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

function screen(isTTY: boolean): Screen & { readonly written: string[] } {
	const written: string[] = [];
	return { isTTY, written, write: (text) => written.push(text) };
}

describe("showCountdown", () => {
	it("counts on one line of a terminal and takes the line away at the end", () => {
		const terminal = screen(true);
		const end = showCountdown(terminal, "Waiting", 3000);
		vi.advanceTimersByTime(2000);
		end();
		vi.advanceTimersByTime(5000);
		expect(terminal.written.map((text) => text.replace("\r\u001b[2K", ""))).toEqual([
			"Waiting  0:03",
			"Waiting  0:02",
			"Waiting  0:01",
			"",
		]);
	});

	it("says it once where there is no terminal", () => {
		const file = screen(false);
		const end = showCountdown(file, "Waiting", 600_000);
		vi.advanceTimersByTime(60_000);
		end();
		expect(file.written).toEqual(["Waiting (10:00 left)\n"]);
	});
});
