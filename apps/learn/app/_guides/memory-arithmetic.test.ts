import { describe, expect, it } from "vitest";
import { cacheBytesPerToken, formatBytes } from "./memory-arithmetic.ts";

describe("the arithmetic of the guide", () => {
	it("needs 180 MiB for a full context of SmolLM2-135M", () => {
		const perToken = cacheBytesPerToken({ layers: 30, keyValueHeads: 3, headDimension: 64 });
		expect(formatBytes(perToken * 8192)).toBe("180 MiB");
	});

	it.each([
		[900, "900 bytes"],
		[23_040, "23 KiB"],
		[1_572_864, "1.5 MiB"],
		[2 ** 40, "1,024 GiB"],
	])("writes %d as %s", (bytes, text) => {
		expect(formatBytes(bytes)).toBe(text);
	});
});
