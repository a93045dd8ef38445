import type { PrefixCache } from "../cache/prefix-cache.ts";
import type { PrefixMover } from "../cache/prefix-mover.ts";
import type { PrefixRestore, RestoredBlock } from "../cache/prefix-restore.ts";
import type { InferenceContext } from "../context/inference-context.ts";
import { findLeader } from "./find-leader.ts";
import type { Running } from "./running.ts";

/** Time for putting saved state into the cache between two steps. */
const restoringMs = 5;

/** What beginnings are found with. */
export interface BeginningsParts {
	readonly context: InferenceContext;
	/** Null when nothing is saved. */
	readonly mover: PrefixMover | null;
	readonly now: () => number;
	/** Called when the disk has brought something. */
	readonly wake: () => void;
}

/**
 * Spares requests the computing of a beginning that the cache does not hold yet: another request is computing it
 * already, or it is saved on disk. The request takes no part in steps until it is there.
 */
export class Beginnings {
	readonly #parts: BeginningsParts;

	constructor(parts: BeginningsParts) {
		this.#parts = parts;
	}

	/** Lets a new request wait for what gives it the most, if for anything. `earlier` came before it. */
	find(running: Running, earlier: readonly Running[]): void {
		const { context, mover, wake } = this.#parts;
		const { generation, computed } = running;
		const lead = context.keepsPrefixes ? findLeader(running, earlier) : null;
		const restore = mover?.restore(generation.tokens, generation.length, computed, wake) ?? null;
		if (restore !== null && restore.tokens > (lead?.awaited ?? 0)) {
			running.restore = restore;
		} else if (lead !== null) {
			running.leader = lead.leader;
			running.awaited = lead.awaited;
		}
	}

	/** Lets requests go on whose beginning has come, or will not come any more. `all` are in order of admission. */
	goOn(all: readonly Running[], cache: PrefixCache): void {
		for (const [index, running] of all.entries()) {
			const { leader, awaited, restore } = running;
			if (leader !== null && (!all.includes(leader) || leader.computed >= awaited)) {
				this.#share(running, all.slice(0, index), cache);
			}
			if (restore !== null) {
				this.#restore(running, restore, cache);
			}
		}
	}

	/** Takes over what the leader has computed. After one that ended early, another request may lead. */
	#share(running: Running, earlier: readonly Running[], cache: PrefixCache): void {
		const { generation, sequence, computed } = running;
		running.computed = cache.catchUp(sequence, generation.tokens, computed, generation.length - 1);
		const lead = findLeader(running, earlier);
		running.leader = lead?.leader ?? null;
		running.awaited = lead?.awaited ?? 0;
	}

	#restore(running: Running, restore: PrefixRestore, cache: PrefixCache): void {
		const endMs = this.#parts.now() + restoringMs;
		while (this.#parts.now() <= endMs) {
			const block = restore.take();
			if (block === "reading") {
				return;
			}
			if (block === null || !this.#place(running, block, cache)) {
				running.restore = null;
				return;
			}
			running.computed = block.to;
			cache.publish(running.sequence, running.generation.tokens, block.to);
		}
	}

	/** What is only kept makes room for what is needed now. */
	#place(running: Running, block: RestoredBlock, cache: PrefixCache): boolean {
		while (this.#parts.mover?.place(block, running.sequence, running.computed) === false) {
			if (!cache.dropOldest()) {
				return false;
			}
		}
		return true;
	}
}
