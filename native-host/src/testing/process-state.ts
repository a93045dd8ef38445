import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** True when the process exists and is no zombie. */
export function processRuns(pid: number): boolean {
	try {
		process.kill(pid, 0);
	} catch {
		return false;
	}
	if (process.platform !== "linux") {
		return true;
	}
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		return stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
	} catch {
		return false;
	}
}

/** Waits until a process that is no child of this one is gone. @throws after ten seconds */
export async function untilGone(pid: number): Promise<void> {
	const deadline = performance.now() + 10_000;
	while (processRuns(pid)) {
		if (performance.now() > deadline) {
			throw new Error(`Process ${pid} still runs.`);
		}
		await delay(10);
	}
}

/** Numbers of all processes below one, however deep. */
export function descendants(pid: number): readonly number[] {
	const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
		.trim()
		.split("\n")
		.map((line) => line.trim().split(/\s+/).map(Number));
	const found = [pid];
	for (const parent of found) {
		found.push(...table.filter(([, ppid]) => ppid === parent).map(([child = 0]) => child));
	}
	return found.slice(1);
}
