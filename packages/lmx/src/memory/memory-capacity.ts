/** What the machine has, and what of it is taken. */
export interface MemoryUse {
	readonly totalBytes: number;
	readonly availableBytes: number;
	/** The part of what is taken that models of this server have. */
	readonly modelBytes: number;
}

/** Ceiling of the configuration: a part of the machine's memory for everything, or bytes for the models alone. */
export type MemoryCeiling = { readonly share: number } | { readonly bytes: number };

/** Whatever the configuration says, this part of the memory stays free. */
const highestShare = 0.98;

/** What all models together may take now: what the ceiling leaves after everything else on the machine. */
export function modelCapacity({ totalBytes, availableBytes, modelBytes }: MemoryUse, ceiling: MemoryCeiling): number {
	const otherBytes = Math.max(0, totalBytes - availableBytes - modelBytes);
	const share = "share" in ceiling ? ceiling.share : highestShare;
	const left = Math.max(0, Math.floor(totalBytes * share) - otherBytes);
	return "bytes" in ceiling ? Math.min(left, ceiling.bytes) : left;
}
