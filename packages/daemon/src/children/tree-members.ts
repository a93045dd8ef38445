import type { ProcessRow } from "./process-table.ts";

/** What is known of a process that was started. */
export interface TreeRoot {
	readonly pid: number;
	/** Null where it was gone before it could be read. */
	readonly startedAt: string | null;
	/** Found in the variables or arguments of everything that it started. */
	readonly mark: string;
}

/**
 * The processes of a tree, from all that run: the root, its descendants, everything in a process group that one of them
 * leads, and everything that carries the mark (which finds what left the group and lost its parent). `groups` are the groups
 * seen so far, which outlive their leader, and is added to. Never the daemon itself.
 */
export function treeMembers(rows: readonly ProcessRow[], root: TreeRoot, groups: Set<number>, ownPid: number): ProcessRow[] {
	const members = new Map<number, ProcessRow>();
	const children = Map.groupBy(rows, (row) => row.parentPid);
	const queue = rows.filter((row) => (row.pid === root.pid && row.startedAt === root.startedAt) || row.text.includes(root.mark));
	for (let index = 0; index < queue.length; index++) {
		const row = queue[index];
		if (row === undefined || row.pid === ownPid || members.has(row.pid)) {
			continue;
		}
		members.set(row.pid, row);
		if (row.groupId === row.pid) {
			groups.add(row.pid);
		}
		queue.push(...(children.get(row.pid) ?? []));
		if (index === queue.length - 1) {
			queue.push(...rows.filter((other) => groups.has(other.groupId) && !members.has(other.pid)));
		}
	}
	return [...members.values()];
}
