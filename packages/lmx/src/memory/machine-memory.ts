import { totalmem } from "node:os";

/** Main memory as this process may use it. */
export interface MachineMemory {
	readonly base: "ram" | "unified";
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
