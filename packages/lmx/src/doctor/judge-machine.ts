import { statfs } from "node:fs/promises";
import { broken, type CheckOutcome, fine, limited } from "@opta/contracts/doctor-check";
import type { MachineMemory } from "../memory/machine-memory.ts";

/** Under this part of the memory, or this room on the disk, something is about to fail. */
const lowMemoryShare = 0.05;
const lowDiskBytes = 5e9;
const noDiskBytes = 0.5e9;

function gb(bytes: number): string {
	return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Whether there is memory left for what runs. */
export function judgeMemory(
	{ base, totalBytes, availableBytes }: MachineMemory,
	capacityBytes: number,
	committedBytes: number,
): CheckOutcome {
	const name = base === "vram" ? "video memory" : "memory";
	const told = `${gb(availableBytes)} of ${gb(totalBytes)} ${name} are free; models have ${gb(committedBytes)} of the ${gb(capacityBytes)} they may take`;
	if (committedBytes > capacityBytes) {
		return limited(
			`${told}: other programs need what models had.`,
			"Close other programs on the host, or unload a model: opta models unload <model>",
		);
	}
	return availableBytes < totalBytes * lowMemoryShare
		? limited(`${told}.`, "Close other programs on the host, or unload a model: opta models unload <model>")
		: fine(`${told}.`);
}

/** Whether there is room for models where they are kept. Rejects when the folder cannot be looked at. */
export async function judgeDisk(modelDir: string): Promise<CheckOutcome> {
	const { bavail, bsize } = await statfs(modelDir);
	const freeBytes = bavail * bsize;
	const told = `${gb(freeBytes)} are free where models are kept`;
	const advice = "Make room on the host, or delete a model: opta models rm <model>";
	if (freeBytes < noDiskBytes) {
		return broken(`${told}; nothing can be downloaded.`, advice);
	}
	return freeBytes < lowDiskBytes ? limited(`${told}.`, advice) : fine(`${told}.`);
}
