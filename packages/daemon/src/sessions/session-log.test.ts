import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { replaceFile } from "../platform/replace-file.ts";
import { type LogFile, openLogFile, SessionLog } from "./session-log.ts";

async function newLog(text = "header\n") {
	const file = path.join(await mkdtemp(path.join(tmpdir(), "opta-log-")), "a.jsonl");
	await replaceFile(file, text);
	return { file, ...(await openLogFile(file)) };
}

async function texts(log: SessionLog, from = 0): Promise<string[]> {
	const lines: string[] = [];
	for await (const { text } of log.lines(from)) {
		lines.push(text);
	}
	return lines;
}

/** A disk that takes some bytes of a write and then has no room. */
function fullAfter(file: LogFile, takes: number): LogFile {
	const write: LogFile["write"] = async (buffer, offset, length, position) => {
		await file.write(buffer, offset, Math.min(length, takes), position);
		throw Object.assign(new Error("no space"), { code: "ENOSPC" });
	};
	return { ...bound(file), write };
}

function bound(file: LogFile): LogFile {
	return {
		read: file.read.bind(file) as LogFile["read"],
		write: file.write.bind(file),
		truncate: file.truncate.bind(file),
		datasync: file.datasync.bind(file),
		close: file.close.bind(file),
	};
}

it("keeps what was appended, line by line, whatever is in it", async () => {
	const { handle, size } = await newLog();
	const log = new SessionLog(handle, size, false);
	await log.append('{"a":"ü\u2028x"}\n{"b":2}\n');
	const long = "y".repeat(700_000);
	await log.append(`${long}\n`);
	expect(await texts(log)).toEqual(["header", '{"a":"ü\u2028x"}', '{"b":2}', long]);
	expect(await texts(log, size)).toHaveLength(3);
	await log.close();
});

it("leaves nothing of a write that the disk had no room for", async () => {
	const { file, handle, size } = await newLog();
	const full = new SessionLog(fullAfter(handle, 5), size, false);
	await expect(full.append("first line\n")).rejects.toThrow("no space");
	expect(await readFile(file, "utf8")).toBe("header\n");
	await handle.close();
});

it("cuts what a failed write left before it writes again", async () => {
	const { file, handle, size } = await newLog();
	let broken = true;
	const disk: LogFile = {
		...bound(handle),
		write: async (buffer, offset, length, position) => {
			if (broken) {
				await handle.write(buffer, offset, 5, position);
				throw new Error("input/output error");
			}
			return handle.write(buffer, offset, length, position);
		},
		truncate: async (length) => {
			if (broken) {
				throw new Error("input/output error");
			}
			await handle.truncate(length);
		},
	};
	const log = new SessionLog(disk, size, false);
	await expect(log.append("a rather long first line\n")).rejects.toThrow();
	expect(await readFile(file, "utf8")).toBe("header\na rat");
	broken = false;
	await log.append("b\n");
	expect(await readFile(file, "utf8")).toBe("header\nb\n");
	await log.close();
});

it("does not take a line for written that was not flushed", async () => {
	const { file, handle, size } = await newLog();
	const log = new SessionLog({ ...bound(handle), datasync: () => Promise.reject(new Error("lost")) }, size, false);
	await expect(log.append("a\n")).rejects.toThrow("lost");
	expect(log.bytes).toBe(size);
	expect(await readFile(file, "utf8")).toBe("header\n");
	await handle.close();
});

it("replaces no log by half of one", async () => {
	const { file, handle } = await newLog("whole\n");
	await handle.close();
	await writeFile(path.join(path.dirname(file), ".a.jsonl.0123456789ab.tmp"), "left behind by a crash");
	await replaceFile(file, "next\n");
	expect(await readFile(file, "utf8")).toBe("next\n");
});
