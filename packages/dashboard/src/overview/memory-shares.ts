import type { LmxStatus } from "@opta/contracts/schema/lmx-status";

/** How the host's memory is divided, in bytes; the three parts add up to the total. */
export interface MemoryShares {
	readonly totalBytes: number;
	readonly modelBytes: number;
	readonly otherBytes: number;
	readonly freeBytes: number;
}

/** Divides the memory; shared pages can make the models' sum exceed what is in use, so it is capped there. */
export function memoryShares({ memory, models }: Pick<LmxStatus, "memory" | "models">): MemoryShares {
	const freeBytes = Math.min(Math.max(0, memory.availableBytes), memory.totalBytes);
	const usedBytes = memory.totalBytes - freeBytes;
	const modelBytes = Math.min(
		usedBytes,
		models.reduce((sum, model) => sum + (model.ramBytes ?? 0), 0),
	);
	return { totalBytes: memory.totalBytes, modelBytes, otherBytes: usedBytes - modelBytes, freeBytes };
}
