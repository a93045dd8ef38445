import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { startWithin } from "../output/limit-output.ts";

/** Largest memory file, and largest part of an `AGENTS.md` that is read, in bytes. */
export const maxMemoryBytes = 64 * 1024;

/** A Markdown file that tells agents about a project or its user. */
export interface ProjectNotes {
	/** Absolute. */
	readonly path: string;
	readonly text: string;
	/** The file is longer than what is read of it. */
	readonly isCut: boolean;
}

/** Where what agents noted about a project is kept: `<home>/memory/<name>-<hash of the folder>.md`. */
export function memoryFile(home: string, workspace: string): string {
	const name =
		path
			.basename(workspace)
			.replaceAll(/[^\w.-]+/g, "_")
			.slice(0, 60) || "root";
	return path.join(home, "memory", `${name}-${createHash("sha256").update(workspace).digest("hex").slice(0, 16)}.md`);
}

/** A file of notes; null where there is none. */
export async function readNotes(file: string): Promise<ProjectNotes | null> {
	try {
		const text = await readFile(file, "utf8");
		return { path: file, text: startWithin(text, maxMemoryBytes), isCut: Buffer.byteLength(text) > maxMemoryBytes };
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT" || code === "ENOTDIR") {
			return null;
		}
		throw error;
	}
}
