import { readFileSync } from "node:fs";

/** Proportional set size of a process: its own pages, and its share of those it shares. Null when it is gone (Linux). */
export function pssBytes(pid: number): number | null {
	try {
		const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
		return match === null ? null : Number(match[1]) * 1024;
	} catch {
		return null;
	}
}

/** A short name for a process of the platform from its command line. */
export function processName(command: string): string {
	const script = /(?:supabase|native-host|packages|platform)\/[\w./-]+\.ts/.exec(command)?.[0];
	if (script !== undefined) {
		return script;
	}
	const next = /next\/dist\/bin\/next start -p (\d+)/.exec(command);
	return next === null ? command.slice(0, 60) : `next start :${next[1]}`;
}
