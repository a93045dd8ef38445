import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine; `startTicks` tells it from a later one with the same number. */
export interface FoundProcess {
	readonly pid: number;
	readonly parentPid: number;
	readonly startTicks: string;
	readonly command: string;
}

function readProcess(pid: number): FoundProcess | null {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		if (fields[0] === "Z") {
			return null;
		}
		const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
		return { pid, parentPid: Number(fields[1]), startTicks: fields[19] ?? "", command };
	} catch {
		return null;
	}
}

/** The process and everything below it (Linux). */
export function processTree(rootPid: number): readonly FoundProcess[] {
	const all = readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.map((name) => readProcess(Number(name)))
		.filter((found) => found !== null);
	const tree = all.filter((found) => found.pid === rootPid);
	for (const parent of tree) {
		tree.push(...all.filter((found) => found.parentPid === parent.pid));
	}
	return tree;
}

/** Those of the given processes that still run. */
export function stillRunning(processes: readonly FoundProcess[]): readonly FoundProcess[] {
	return processes.filter((known) => readProcess(known.pid)?.startTicks === known.startTicks);
}
