import { describe, expect, it } from "vitest";
import { modelCapacity } from "./memory-capacity.ts";

const use = { totalBytes: 1000, availableBytes: 600, modelBytes: 100 };

describe("modelCapacity", () => {
	it("leaves to models what the ceiling leaves after everything else", () => {
		expect(modelCapacity(use, { share: 0.9 })).toBe(600);
		expect(modelCapacity({ ...use, modelBytes: 0 }, { share: 0.9 })).toBe(500);
	});

	it("is nothing when everything else is above the ceiling already", () => {
		expect(modelCapacity({ ...use, availableBytes: 10 }, { share: 0.5 })).toBe(0);
	});

	it("takes a ceiling in bytes for the models alone, but never more than there is", () => {
		expect(modelCapacity(use, { bytes: 250 })).toBe(250);
		expect(modelCapacity(use, { bytes: 5000 })).toBe(680);
	});
});
