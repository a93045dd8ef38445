import type { LmxStatus, LoadedModel } from "@opta/contracts/schema/lmx-status";
import { expect, it } from "vitest";
import { appendSample, historySlots, liveTokensPerSecond } from "./live-throughput.ts";

function statusOf(...models: Partial<LoadedModel>[]): LmxStatus {
	return { models } as LmxStatus;
}

it("counts the models at work only: an idle model's last rate is history", () => {
	expect(
		liveTokensPerSecond(
			statusOf(
				{ activeRequests: 2, tokensPerSecond: 180 },
				{ activeRequests: 1, tokensPerSecond: null },
				{ activeRequests: 0, tokensPerSecond: 210 },
			),
		),
	).toBe(180);
	expect(liveTokensPerSecond(statusOf())).toBe(0);
});

it("keeps a bounded history with the newest sample last", () => {
	const full = Array.from({ length: historySlots }, (_, index) => index);
	const next = appendSample(full, 7);
	expect(next).toHaveLength(historySlots);
	expect([next[0], next.at(-1)]).toEqual([1, 7]);
});
