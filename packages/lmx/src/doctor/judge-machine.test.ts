import path from "node:path";
import { describe, expect, it } from "vitest";
import { judgeDisk, judgeMemory } from "./judge-machine.ts";

describe("judgeMemory", () => {
	const memory = { base: "ram", totalBytes: 100e9, availableBytes: 40e9 } as const;

	it("tells what is free and what models have", () => {
		expect(judgeMemory(memory, 90e9, 30e9)).toMatchObject({
			state: "ok",
			summary: "40.0 GB of 100.0 GB memory are free; models have 30.0 GB of the 90.0 GB they may take.",
		});
	});

	it.each([
		["little is free", { ...memory, availableBytes: 1e9 }, 90e9],
		["other programs took what models had", memory, 20e9],
	])("warns where %s, and says what to close", (_name, now, capacityBytes) => {
		expect(judgeMemory(now, capacityBytes, 30e9)).toMatchObject({ state: "warning", fix: expect.stringContaining("opta models unload") });
	});
});

describe("judgeDisk", () => {
	it("tells the room where models are kept", async () => {
		expect((await judgeDisk(import.meta.dirname)).summary).toMatch(/^\d+\.\d GB are free where models are kept/);
	});

	it("rejects for a folder that is not there", async () => {
		await expect(judgeDisk(path.join(import.meta.dirname, "none"))).rejects.toThrow("ENOENT");
	});
});
