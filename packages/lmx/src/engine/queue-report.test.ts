import { expect, it } from "vitest";
import { QueueReport } from "./queue-report.ts";

const places = (...ids: string[]) => ids.map((id, before) => ({ id, before, expectedWaitMs: before * 100 }));

it("tells places when they change, a few times a second at most", () => {
	const report = new QueueReport();
	expect(report.take(0, () => places(), 0)).toBeNull();
	expect(report.take(2, () => places("a", "b"), 0)).toEqual(places("a", "b"));
	expect(report.take(2, () => places("b", "c"), 100)).toBeNull();
	expect(report.take(2, () => places("b", "c"), 300)).toEqual(places("b", "c"));
	expect(report.take(2, () => places("b", "c"), 900)).toBeNull();
	expect(report.take(0, () => places(), 1000)).toBeNull();
	expect(report.take(2, () => places("b", "c"), 1300)).toEqual(places("b", "c"));
});
