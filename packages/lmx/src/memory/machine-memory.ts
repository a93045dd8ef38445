import { readFileSync } from "node:fs";
import { totalmem } from "node:os";

/** Memory that models are counted against. */
export interface MachineMemory {
	/** Main memory, that of graphics cards, or the one that both share on Apple Silicon. */
	readonly base: "ram" | "vram" | "unified";
	readonly totalBytes: number;
	readonly availableBytes: number;
}

/** Main memory now: a container's limit counts, not the machine's size. */
export function machineMemory(): MachineMemory {
	const limit = process.constrainedMemory();
	const totalBytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
	return {
		base: process.platform === "darwin" && process.arch === "arm64" ? "unified" : "ram",
		totalBytes,
		availableBytes: Math.min(process.availableMemory(), totalBytes),
	};
}

/**
 * What a process holds that the system cannot take back: without the pages of mapped files, which count as available.
 * Null where the system does not tell (it does on Linux, proc(5)).
 */
export function heldBytes(pid: number): number | null {
	let text: string;
	try {
		text = readFileSync(`/proc/${pid}/status`, "utf8");
	} catch {
		return null;
	}
	const kib = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0);
	return (kib("RssAnon") + kib("RssShmem")) * 1024;
}
