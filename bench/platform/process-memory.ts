import { readFileSync, readlinkSync } from "node:fs";
import path from "node:path";

/** Proportional set size of a process: its own pages, and its share of those it shares. Null when it is gone (Linux). */
export function pssBytes(pid: number): number | null {
	try {
		const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
		return match === null ? null : Number(match[1]) * 1024;
	} catch {
		return null;
	}
}

/** A short name for a process of the platform: its script, or for a server of Next.js, which renames itself, its site. */
export function processName(pid: number, command: string): string {
	const script = /(?:supabase|native-host|packages|platform)\/[\w./-]+\.ts/.exec(command)?.[0];
	if (script !== undefined) {
		return script;
	}
	try {
		return `apps/${path.basename(readlinkSync(`/proc/${pid}/cwd`))}`;
	} catch {
		return command.slice(0, 60);
	}
}
