import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { historyLimit } from "../editor/prompt-history.ts";
import type { Chat } from "./chat.ts";

function historyFile(home: string): string {
	return path.join(home, "history.jsonl");
}

/** Earlier prompts of this user, oldest first; the file is cut when it has grown to twice what is remembered. */
export async function readHistory(home: string): Promise<readonly string[]> {
	const source = await readFile(historyFile(home), "utf8").catch(() => "");
	const lines = source.split("\n").filter((line) => line !== "");
	const entries = lines.slice(-historyLimit).flatMap(parseLine);
	if (lines.length > 2 * historyLimit) {
		await writeFile(historyFile(home), `${entries.map((entry) => JSON.stringify(entry)).join("\n")}\n`, { mode: 0o600 });
	}
	return entries;
}

/** A prompt of a line; a torn line is none. */
function parseLine(line: string): string[] {
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === "string" ? [value] : [];
	} catch {
		return [];
	}
}

/** Adds a prompt, readable by this user only. A failure is said once and stops nothing. */
export async function appendHistory({ place, store }: Chat, prompt: string): Promise<void> {
	try {
		await mkdir(place.home, { recursive: true, mode: 0o700 });
		await appendFile(historyFile(place.home), `${JSON.stringify(prompt)}\n`, { mode: 0o600 });
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		store.update((state) => ({ ...state, hint: `Prompts are not remembered: ${reason}` }));
	}
}
