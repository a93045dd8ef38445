/** A model in memory, as admission sees it. */
export interface ResidentMemory {
	readonly id: string;
	/** What it takes or, while it loads, will take. */
	readonly bytes: number;
	/** Loads, leaves, or answers somebody. */
	readonly isBusy: boolean;
	readonly isPinned: boolean;
	readonly lastUsedAtMs: number;
}

/** What is to be done so that a model has room. */
export type AdmissionPlan =
	/** It has room once these idle models are gone, in this order. */
	| { readonly kind: "fits"; readonly evict: readonly string[] }
	/** It would have room once these busy models are idle. */
	| { readonly kind: "wait"; readonly forModels: readonly string[]; readonly availableBytes: number; readonly evictableBytes: number }
	/** It cannot have room, whatever becomes idle. */
	| { readonly kind: "refuse"; readonly availableBytes: number; readonly evictableBytes: number };

function totalBytes(models: readonly ResidentMemory[]): number {
	return models.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Takes models in their order until enough is freed, then gives those back that were not needed, the last used first. */
function chooseToFree(candidates: readonly ResidentMemory[], missingBytes: number): readonly ResidentMemory[] {
	const chosen: ResidentMemory[] = [];
	for (const candidate of candidates) {
		if (totalBytes(chosen) >= missingBytes) {
			break;
		}
		chosen.push(candidate);
	}
	let surplusBytes = totalBytes(chosen) - missingBytes;
	return chosen
		.toReversed()
		.filter(({ bytes }) => {
			const isNeeded = bytes > surplusBytes;
			surplusBytes -= isNeeded ? 0 : bytes;
			return isNeeded;
		})
		.toReversed();
}

/**
 * Decides how a model gets its memory: idle models go first, the least recently used of them before the others;
 * busy and pinned ones never. `capacityBytes` is what all models together may take.
 */
export function planAdmission(capacityBytes: number, residents: readonly ResidentMemory[], requiredBytes: number): AdmissionPlan {
	const availableBytes = Math.max(0, capacityBytes - totalBytes(residents));
	const missingBytes = requiredBytes - (capacityBytes - totalBytes(residents));
	if (missingBytes <= 0) {
		return { kind: "fits", evict: [] };
	}
	const movable = residents.filter(({ isPinned }) => !isPinned).toSorted((a, b) => a.lastUsedAtMs - b.lastUsedAtMs);
	const idle = movable.filter(({ isBusy }) => !isBusy);
	const evictableBytes = totalBytes(idle);
	if (evictableBytes >= missingBytes) {
		return { kind: "fits", evict: chooseToFree(idle, missingBytes).map(({ id }) => id) };
	}
	const busy = movable.filter(({ isBusy }) => isBusy);
	if (evictableBytes + totalBytes(busy) < missingBytes) {
		return { kind: "refuse", availableBytes, evictableBytes };
	}
	return { kind: "wait", forModels: chooseToFree(busy, missingBytes - evictableBytes).map(({ id }) => id), availableBytes, evictableBytes };
}
