import { watch } from "node:fs";
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import { homeFiles } from "@opta/daemon/platform/home-files";
import { parseJson } from "@opta/host-client/host-error";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";

const usualLines = 50;
const levels: Readonly<Record<number, string>> = { 10: "trace", 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal" };
/** Fields that every line has, or that are shown in their own place. */
const shownElsewhere = new Set(["time", "level", "msg", "name", "pid", "hostname"]);

/** One line for people: time, level, message, and the rest as it is. What is no JSON stays. */
export function describeLogLine(line: string): string {
	const entry = parseJson(line);
	if (typeof entry !== "object" || entry === null) {
		return line;
	}
	const { time, level, msg } = entry as { time?: unknown; level?: unknown; msg?: unknown };
	const rest = Object.entries(entry).filter(([name]) => !shownElsewhere.has(name));
	const more = rest.length === 0 ? "" : ` ${JSON.stringify(Object.fromEntries(rest))}`;
	const levelName = typeof level === "number" ? (levels[level] ?? String(level)) : String(level);
	return `${String(time)} ${levelName.padEnd(5)} ${String(msg ?? "")}${more}`;
}

async function readLog(file: string): Promise<string> {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		throw new CommandFailure("failed", `There is no log at ${file} yet. A daemon writes it: opta daemon start`, { cause: error });
	}
}

/** Hands on what is written behind `offset`, also after the file was replaced by a new one, until the signal. */
async function followFile(file: string, offset: number, onText: (text: string) => void, signal: AbortSignal): Promise<void> {
	let position = offset;
	let reading = Promise.resolve();
	const { promise: over, resolve: end, reject: fail } = Promise.withResolvers<void>();
	const readOn = async (): Promise<void> => {
		const handle = await open(file, "r");
		try {
			const { size } = await handle.stat();
			position = size < position ? 0 : position;
			const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size - position), position });
			position += bytesRead;
			onText(buffer.toString("utf8", 0, bytesRead));
		} finally {
			await handle.close();
		}
	};
	const readSoon = (): void => {
		reading = reading.then(readOn).catch((error: unknown) => {
			// Between the old file and the new one there is none.
			if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) {
				fail(error);
			}
		});
	};
	const watcher = watch(path.dirname(file), (_event, name) => {
		if (name === path.basename(file)) {
			readSoon();
		}
	});
	// What came between the first reading and the watch.
	readSoon();
	signal.addEventListener("abort", () => end(), { once: true });
	try {
		await over;
	} finally {
		watcher.close();
	}
}

/** Prints the daemon's log. */
export const runLogs: CommandRun = async ({ context, flags }) => {
	const { output, home, signal } = context;
	const file = homeFiles(home).daemonLog;
	const text = await readLog(file);
	const print = (line: string): void => output.line(flags.isSet("json") ? line : describeLogLine(line));
	const count = flags.number("lines") ?? usualLines;
	const lines = text.split("\n").filter((line) => line !== "");
	lines.slice(Math.max(0, lines.length - count)).forEach(print);
	if (!flags.isSet("follow")) {
		return "ok";
	}
	let torn = "";
	const onText = (more: string): void => {
		const parts = (torn + more).split("\n");
		torn = parts.pop() ?? "";
		parts.forEach(print);
	};
	await followFile(file, Buffer.byteLength(text), onText, signal);
	return "interrupted";
};
