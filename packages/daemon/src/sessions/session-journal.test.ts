import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SessionEvent } from "@opta/contracts/schema/daemon-events";
import { expect, it } from "vitest";
import { replaceFile } from "../platform/replace-file.ts";
import { buildLog } from "./build-log.ts";
import { foundingEvents } from "./founding-events.ts";
import { loadSession } from "./load-session.ts";
import { done, failed } from "./outcome.ts";
import { type Change, SessionJournal } from "./session-journal.ts";
import { emptyState } from "./session-state.ts";

const at = "2026-11-23T06:00:00.000Z";

async function newJournal(watch: { flushes: number; fail?: boolean } = { flushes: 0 }) {
	const folder = await mkdtemp(path.join(tmpdir(), "opta-journal-"));
	const files = [path.join(folder, "s.jsonl"), path.join(folder, "s.json")] as const;
	const built = buildLog("s", foundingEvents(emptyState("s", "e", at).file, [], at), at);
	await replaceFile(files[0], built.text);
	const loaded = await loadSession(...files, "s");
	if (!loaded.ok) {
		throw new Error(loaded.reason);
	}
	const append = loaded.log.append.bind(loaded.log);
	loaded.log.append = async (lines) => {
		watch.flushes += 1;
		if (watch.fail) {
			throw Object.assign(new Error("no space"), { code: "ENOSPC" });
		}
		await append(lines);
	};
	const heard: SessionEvent[] = [];
	const journal = new SessionJournal({
		log: loaded.log,
		state: loaded.state,
		now: () => new Date(at),
		onEvents: (events) => heard.push(...events),
		onFailure: () => undefined,
	});
	return { journal, heard, files, log: loaded.log };
}

function say(text: string): Change {
	return ({ nextSeq }) => {
		const message = { id: `m${nextSeq}`, role: "user" as const, at, content: text };
		return done([{ event: { type: "turn.message", data: { turnId: "t", message } } }]);
	};
}

it("numbers events without gaps and shares flushes", async () => {
	const watch = { flushes: 0 };
	const { journal, heard, files, log } = await newJournal(watch);
	const outcomes = await Promise.all(Array.from({ length: 200 }, (_, index) => journal.commit(say(String(index)))));
	expect(outcomes.every(({ ok }) => ok)).toBe(true);
	expect(heard.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, index) => index + 2));
	expect(watch.flushes).toBeLessThan(5);
	await journal.close();
	await log.close();
	const again = await loadSession(...files, "s");
	expect(again.ok && again.state.file.messages.map(({ content }) => content)).toEqual(
		Array.from({ length: 200 }, (_, index) => String(index)),
	);
});

it("decides each change with those before it, also within one flush", async () => {
	const { journal } = await newJournal();
	const first: Change = ({ state }) =>
		state.file.messages.length === 0 ? say("mine")({ state, nextSeq: 2, at }) : failed("conflict", "taken");
	const outcomes = await Promise.all([journal.commit(first), journal.commit(first), journal.commit(first)]);
	expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, false]);
});

it("tells everybody whose change was not stored, nobody else of it, and goes on when there is room", async () => {
	const watch = { flushes: 0, fail: true };
	const { journal, heard, files } = await newJournal(watch);
	const outcomes = await Promise.all([journal.commit(say("a")), journal.commit(say("b"))]);
	expect(outcomes.map((outcome) => (outcome.ok ? null : outcome.error.code))).toEqual(["unavailable", "unavailable"]);
	expect(heard).toEqual([]);
	expect(journal.state.file.messages).toEqual([]);
	watch.fail = false;
	expect((await journal.commit(say("c"))).ok).toBe(true);
	expect(heard.map(({ seq }) => seq)).toEqual([2]);
	const again = await loadSession(...files, "s");
	expect(again.ok && again.state.file.messages.map(({ content }) => content)).toEqual(["c"]);
});

it("is not brought down by a change that throws", async () => {
	const { journal } = await newJournal();
	const broken = await journal.commit(() => {
		throw new Error("mistake");
	});
	expect(broken.ok).toBe(false);
	expect((await journal.commit(say("a"))).ok).toBe(true);
});
