import { describe, expect, it } from "vitest";
import { VideoMemory } from "./video-memory.ts";

describe("VideoMemory", () => {
	it("tells apart what models have and what others have, and asks again only after a while", async () => {
		let nowMs = 0;
		let freeBytes = 600;
		let asked = 0;
		const video = new VideoMemory(
			async () => {
				asked++;
				return { totalBytes: 1000, freeBytes };
			},
			() => nowMs,
			() => undefined,
		);
		expect(video.use).toBeNull();
		await Promise.all([video.refresh(() => 300), video.refresh(() => 300)]);
		expect([asked, video.use]).toEqual([1, { totalBytes: 1000, availableBytes: 600, otherBytes: 100 }]);
		freeBytes = 500;
		await video.refresh(() => 300);
		expect(video.use?.availableBytes).toBe(600);
		nowMs = 5000;
		await video.refresh(() => 300);
		expect(video.use).toMatchObject({ availableBytes: 500, otherBytes: 200 });
	});

	it("has none where no card answers, and keeps what it knew when the question fails", async () => {
		const errors: unknown[] = [];
		let nowMs = 0;
		let answer: Promise<{ totalBytes: number; freeBytes: number }> = Promise.resolve({ totalBytes: 0, freeBytes: 0 });
		const video = new VideoMemory(
			() => answer,
			() => nowMs,
			(error) => errors.push(error),
		);
		await video.refresh(() => 0);
		expect(video.use).toBeNull();
		nowMs = 10_000;
		answer = Promise.resolve({ totalBytes: 10, freeBytes: 10 });
		await video.refresh(() => 0);
		nowMs = 20_000;
		answer = Promise.reject(new Error("The driver is gone."));
		await video.refresh(() => 0);
		expect([video.use?.totalBytes, errors.length]).toEqual([10, 1]);
	});
});
