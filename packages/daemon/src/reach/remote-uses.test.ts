import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { longestUseMs, openRemoteUses } from "./remote-uses.ts";

const facts = { requestId: "r-1", method: "GET", route: "/v3/sessions/:sessionId/stream", clientName: "phone (from elsewhere)" };
let lines: [unknown, string][];
const logger = { info: (...line: unknown[]) => void lines.push(line as [unknown, string]) };

beforeEach(() => {
	vi.useFakeTimers();
	lines = [];
});

afterEach(() => vi.useRealTimers());

it("logs a request once, and a stream at its start and its end", () => {
	const uses = openRemoteUses(logger);
	uses.begin(facts, false).finish(200);
	expect(lines).toEqual([[expect.objectContaining({ ...facts, status: 200 }), "used from elsewhere"]]);
	const stream = uses.begin(facts, true);
	expect(uses.last()).toMatchObject([{ status: null }, { status: 200 }]);
	stream.finish(200);
	stream.finish(200);
	expect(lines.map(([, words]) => words).slice(1)).toEqual(["followed from elsewhere", "no longer followed from elsewhere"]);
	expect(uses.last()).toMatchObject([{ status: 200 }, { status: 200 }]);
});

it("ends what goes on after ten minutes, or all at once, and keeps the last twenty", () => {
	const uses = openRemoteUses(logger);
	const first = uses.begin(facts, true);
	vi.advanceTimersByTime(longestUseMs - 1);
	const second = uses.begin(facts, true);
	expect(first.ended.aborted).toBe(false);
	vi.advanceTimersByTime(1);
	expect([first.ended.aborted, second.ended.aborted]).toEqual([true, false]);
	uses.endAll();
	expect(second.ended.aborted).toBe(true);
	for (let index = 0; index < 30; index++) {
		uses.begin({ ...facts, requestId: `n-${index}` }, false).finish(200);
	}
	expect(uses.last()).toHaveLength(20);
	expect(uses.last()[0]).toMatchObject({ requestId: "n-29" });
});
