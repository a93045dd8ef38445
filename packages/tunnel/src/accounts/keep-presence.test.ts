import type { HostPresence } from "@opta/contracts/schema/host-claim";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepPresence } from "./keep-presence.ts";

let ending: AbortController;
beforeEach(() => {
	ending = new AbortController();
});
afterEach(() => {
	ending.abort();
});

function open(fails: () => boolean, intervals: { everyMs: number; retryMs: number }) {
	let doorUrl: string | null = null;
	const posted: (string | null)[] = [];
	const taken: boolean[] = [];
	const presence = keepPresence(
		{
			post: async (sent: HostPresence) => {
				posted.push(sent.doorUrl);
				if (fails()) {
					throw new Error("away");
				}
			},
			read: () => ({ version: "0.1.0", doorUrl, lanUrls: [] }),
			onTaken: (isTaken) => taken.push(isTaken),
			...intervals,
		},
		ending.signal,
	);
	return {
		...{ posted, taken },
		changeTo(url: string | null) {
			doorUrl = url;
			presence.changed();
		},
	};
}

it("says where the host is at once, on each change, and again and again", async () => {
	const { posted, taken, changeTo } = open(() => false, { everyMs: 20, retryMs: 5 });
	expect(posted).toEqual([null]);
	changeTo("https://a.example.com");
	await vi.waitFor(() => expect(posted.length).toBeGreaterThan(3));
	expect(new Set(posted)).toEqual(new Set([null, "https://a.example.com"]));
	expect(taken).toEqual([true]);
});

it("says once that it was not taken, tries again, and says once that it was", async () => {
	let answers = 0;
	const { taken } = open(() => ++answers <= 3, { everyMs: 20, retryMs: 5 });
	await vi.waitFor(() => expect(taken).toEqual([false, true]));
	expect(answers).toBeGreaterThan(3);
});
