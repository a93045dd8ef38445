import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { OptaPlatform } from "../platform/opta-home.ts";
import { type ProcessRow, readProcessTable } from "./process-table.ts";
import { type TreeRoot, treeMembers } from "./tree-members.ts";

const run = promisify(execFile);

/** Rounds of looking and killing before it is said that something does not end. */
const maxRounds = 100;
const firstPauseMs = 5;
const longestPauseMs = 100;

/** Windows ends a tree by itself. */
export function taskkillArguments(pid: number): string[] {
	return ["/PID", String(pid), "/T", "/F"];
}

/** Sends a signal; false where the process is gone. */
function signal(pid: number, name: NodeJS.Signals): boolean {
	try {
		return process.kill(pid, name);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ESRCH") {
			return false;
		}
		throw error;
	}
}

async function endOne(row: ProcessRow, platform: OptaPlatform): Promise<void> {
	if (platform === "win32") {
		// Fails where an earlier call has ended it as part of another tree; the next look tells.
		await run("taskkill.exe", taskkillArguments(row.pid), { windowsHide: true }).catch(() => undefined);
		return;
	}
	signal(row.pid, "SIGKILL");
}

/**
 * Ends every process of a tree. Asked first (SIGTERM) where `graceMs` is more than 0. Then killed, and looked for again until
 * nothing is left, because a process may start others while it is being looked for. Resolves with the pids that did not end.
 */
export async function endTree(
	root: TreeRoot,
	groups: Iterable<number>,
	graceMs: number,
	platform: OptaPlatform,
): Promise<readonly number[]> {
	const seenGroups = new Set(groups);
	const look = async () => treeMembers(await readProcessTable(platform, true), root, seenGroups, process.pid);
	let members = await look();
	let pauseMs = firstPauseMs;
	const pause = async () => {
		await delay(pauseMs);
		pauseMs = Math.min(pauseMs * 2, longestPauseMs);
		members = await look();
	};
	if (graceMs > 0 && platform !== "win32") {
		for (const row of members) {
			signal(row.pid, "SIGTERM");
		}
		const deadline = Date.now() + graceMs;
		while (members.length > 0 && Date.now() < deadline) {
			await pause();
		}
	}
	pauseMs = firstPauseMs;
	for (let round = 0; round < maxRounds && members.length > 0; round++) {
		await Promise.all(members.map((row) => endOne(row, platform)));
		await pause();
	}
	return members.map((row) => row.pid);
}
