import { readFile } from "node:fs/promises";
import { applyEvent } from "./apply-event.ts";
import { isMissing } from "./is-missing.ts";
import { isNewerHeader, type LogHeader, lineSeq, parseEventLine, parseHeader } from "./log-format.ts";
import type { LogMark } from "./log-marks.ts";
import { openLogFile, SessionLog } from "./session-log.ts";
import { emptyState, type SessionState } from "./session-state.ts";
import { parseSnapshot } from "./snapshot-file.ts";

/** A session as it was found on the disk. */
export type LoadedSession =
	| {
			readonly ok: true;
			readonly log: SessionLog;
			readonly state: SessionState;
			/** How far the snapshot on the disk goes; 0 where it is of no use. */
			readonly snapshot: LogMark;
			/** Length of a line that was torn off while being written; nobody was told of it, and the next write cuts it. */
			readonly tornBytes: number;
	  }
	| { readonly ok: false; readonly reason: "missing" | "newer" }
	/** Lines in the middle are unreadable or gone; `state` is the most that log and snapshot tell, null where that is nothing. */
	| { readonly ok: false; readonly reason: "damaged"; readonly state: SessionState | null };

interface Tail {
	readonly state: SessionState;
	/** Where the last event that counts ends. */
	readonly endBytes: number;
	readonly damaged: boolean;
}

/** Reads a session: the snapshot where it fits the log, and the log from there on; else the whole log. */
export async function loadSession(logFile: string, snapshotFile: string, sessionId: string): Promise<LoadedSession> {
	const opened = await openLogFile(logFile).catch(nullWhenMissing);
	if (opened === null) {
		return { ok: false, reason: "missing" };
	}
	const log = new SessionLog(opened.handle, opened.size, false);
	const loaded = await readSession(log, snapshotFile, sessionId);
	if (!loaded.ok) {
		await log.close();
		return loaded;
	}
	const { endBytes, state, snapshot } = loaded;
	const whole = new SessionLog(opened.handle, endBytes, endBytes < log.bytes);
	return { ok: true, log: whole, state, snapshot, tornBytes: log.bytes - endBytes };
}

async function readSession(
	log: SessionLog,
	snapshotFile: string,
	sessionId: string,
): Promise<({ ok: true; snapshot: LogMark } & Tail) | Extract<LoadedSession, { ok: false }>> {
	const text = await readFile(snapshotFile, "utf8").catch(nullWhenMissing);
	const snapshot = text === null ? undefined : parseSnapshot(text, sessionId);
	const first = await firstLine(log);
	const header = parseHeader(first.text);
	if (header === undefined || header.sessionId !== sessionId) {
		return isNewerHeader(first.text) ? { ok: false, reason: "newer" } : { ok: false, reason: "damaged", state: snapshot?.state ?? null };
	}
	const sameLog = snapshot !== undefined && snapshot.state.file.metadata.epoch === header.epoch ? snapshot : undefined;
	const usable = sameLog !== undefined && (await fits(log, sameLog)) ? sameLog : undefined;
	const tail = await (usable === undefined
		? readTail(log, beforeAll(header), first.endBytes)
		: readTail(log, usable.state, usable.logBytes));
	const lost = sameLog !== undefined && sameLog.state.file.metadata.lastSeq > tail.state.file.metadata.lastSeq;
	if (tail.damaged || lost) {
		return { ok: false, reason: "damaged", state: lost ? sameLog.state : tail.state };
	}
	return { ok: true, snapshot: { seq: usable?.state.file.metadata.lastSeq ?? 0, bytes: usable?.logBytes ?? 0 }, ...tail };
}

async function firstLine(log: SessionLog): Promise<{ text: string; endBytes: number }> {
	for await (const line of log.lines()) {
		return line;
	}
	return { text: "", endBytes: 0 };
}

/** Whether the log goes on where the snapshot ends. */
async function fits(log: SessionLog, { state, logBytes }: { state: SessionState; logBytes: number }): Promise<boolean> {
	if (logBytes > log.bytes) {
		return false;
	}
	for await (const line of log.lines(logBytes)) {
		return !line.whole || lineSeq(line.text) === state.file.metadata.lastSeq + 1;
	}
	return true;
}

/** Applies what follows. A line that is no event is torn when it is the last one, and damage when events come after it. */
async function readTail(log: SessionLog, from: SessionState, fromBytes: number): Promise<Tail> {
	let state = from;
	let endBytes = fromBytes;
	let broken = false;
	for await (const line of log.lines(fromBytes)) {
		const event = line.whole ? parseEventLine(line.text) : undefined;
		if (broken && event !== undefined) {
			return { state, endBytes, damaged: true };
		}
		if (event === undefined || event.seq !== state.file.metadata.lastSeq + 1) {
			broken = true;
			continue;
		}
		state = applyEvent(state, event);
		endBytes = line.endBytes;
	}
	return { state, endBytes, damaged: false };
}

function beforeAll({ sessionId, epoch, createdAt }: LogHeader): SessionState {
	return emptyState(sessionId, epoch, createdAt);
}

function nullWhenMissing(error: unknown): null {
	if (isMissing(error)) {
		return null;
	}
	throw error;
}
