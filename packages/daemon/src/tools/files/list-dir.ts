import type { Dirent } from "node:fs";
import { opendir, readlink, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { limitOutput } from "../output/limit-output.ts";
import type { Tool, ToolOutcome } from "../tool.ts";
import type { Place } from "./locate.ts";
import { placeTool } from "./place-tool.ts";

const input = z.strictObject({
	path: z.string().default(".").describe("Relative to the workspace, or absolute."),
	depth: z.int().min(1).max(5).default(1).describe("Levels of folders; those below node_modules and .git are never shown."),
});

/** Entries that are looked at in one call. */
const maxEntries = 5000;
const notOpened = new Set(["node_modules", ".git"]);

async function lineOf(folder: string, entry: Dirent): Promise<string> {
	const absolute = path.join(folder, entry.name);
	if (entry.isDirectory()) {
		return `${entry.name}/`;
	}
	if (entry.isSymbolicLink()) {
		return `${entry.name} -> ${await readlink(absolute).catch(() => "?")}`;
	}
	if (entry.isFile()) {
		const size = await stat(absolute).then(
			(found) => ` (${found.size} bytes)`,
			() => "",
		);
		return `${entry.name}${size}`;
	}
	return `${entry.name} (not a file)`;
}

interface Listing {
	readonly lines: string[];
	left: number;
}

async function listInto(listing: Listing, folder: string, depth: number, indent: string, signal: AbortSignal): Promise<void> {
	const entries: Dirent[] = [];
	for await (const entry of await opendir(folder)) {
		signal.throwIfAborted();
		if (listing.left === 0) {
			break;
		}
		listing.left -= 1;
		entries.push(entry);
	}
	entries.sort((a, b) => (a.name < b.name ? -1 : 1));
	for (const entry of entries) {
		listing.lines.push(indent + (await lineOf(folder, entry)));
		if (entry.isDirectory() && depth > 1 && !notOpened.has(entry.name)) {
			await listInto(listing, path.join(folder, entry.name), depth - 1, `${indent}  `, signal).catch((error: NodeJS.ErrnoException) => {
				if (error.code !== "EACCES" && error.code !== "EPERM" && error.code !== "ENOENT") {
					throw error;
				}
				listing.lines.push(`${indent}  (cannot be read: ${error.code})`);
			});
		}
	}
}

async function list(place: Place, depth: number, maxOutputBytes: number, signal: AbortSignal): Promise<ToolOutcome> {
	const listing: Listing = { lines: [], left: maxEntries };
	await listInto(listing, place.absolute, depth, "", signal);
	if (listing.lines.length === 0) {
		return { ok: true, output: `${place.shown} is empty.` };
	}
	const full = listing.left === 0 ? `\n[Stopped after ${maxEntries} entries. Use glob to find files by name.]` : "";
	const limited = limitOutput(listing.lines.join("\n") + full, maxOutputBytes, "List a folder below, or use glob.");
	return { ok: true, output: limited.text, truncated: limited.truncated || full !== "" };
}

/** `list_dir`. */
export function listDirTool(): Tool {
	return placeTool({
		name: "list_dir",
		description:
			"Lists a folder: folders end with /, files have their size, links show where they lead. Hidden and ignored files are shown too.",
		kind: "read",
		input,
		paths: ({ path: given }) => [given],
		title: (_, [shown]) => `List ${shown}`,
		run: ({ depth }, [place], { maxOutputBytes, signal }) => list(place, depth, maxOutputBytes, signal),
	});
}
