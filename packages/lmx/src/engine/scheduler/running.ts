import type { PrefixRestore } from "../cache/prefix-restore.ts";
import type { DraftPace } from "../speculation/draft-pace.ts";
import type { Generation } from "./generation.ts";

/** A request that has a sequence of the cache. */
export interface Running {
	readonly generation: Generation;
	readonly sequence: number;
	readonly startedAtMs: number;
	/** Tokens from the start that the sequence holds. */
	computed: number;
	/** Another request that is computing the same beginning up to `awaited`; this one waits and shares it then. */
	leader: Running | null;
	awaited: number;
	/** Reads a part of the prompt from disk; nothing is computed meanwhile. */
	restore: PrefixRestore | null;
	readonly pace: DraftPace;
}

/** It gets a token of its answer in the next step. */
export function isAnswering({ generation, computed }: Running): boolean {
	return generation.hasBegun && generation.length - computed === 1;
}

/** It takes no part in the next step. */
export function isWaiting({ leader, restore }: Running): boolean {
	return leader !== null || restore !== null;
}
