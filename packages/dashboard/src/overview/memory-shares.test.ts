import type { LmxStatus, LoadedModel } from "@opta/contracts/schema/lmx-status";
import fc from "fast-check";
import { expect, it } from "vitest";
import { memoryShares } from "./memory-shares.ts";

function status(totalBytes: number, availableBytes: number, ramBytes: readonly (number | null)[]): Pick<LmxStatus, "memory" | "models"> {
	return {
		memory: { totalBytes, availableBytes } as LmxStatus["memory"],
		models: ramBytes.map((bytes) => ({ ramBytes: bytes }) as LoadedModel),
	};
}

it("divides the memory into models, other and free", () => {
	expect(memoryShares(status(1000, 600, [100, null, 50]))).toEqual({ totalBytes: 1000, modelBytes: 150, otherBytes: 250, freeBytes: 600 });
});

it("never draws parts that are negative or more than the whole", () => {
	const bytes = fc.nat(1_000_000);
	fc.assert(
		fc.property(bytes, bytes, fc.array(fc.option(bytes)), (total, available, models) => {
			const shares = memoryShares(status(total, available, models));
			const parts = [shares.modelBytes, shares.otherBytes, shares.freeBytes];
			expect(parts.every((part) => part >= 0)).toBe(true);
			expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
		}),
	);
});
