import { appendFile, mkdtemp, readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DurableEvent } from "@opta/contracts/schema/daemon-events";
import fc from "fast-check";
import { expect, it } from "vitest";
import { replaceFile } from "../platform/replace-file.ts";
import { applyEvent } from "./apply-event.ts";
import { buildLog } from "./build-log.ts";
import { loadSession } from "./load-session.ts";
import { emptyState } from "./session-state.ts";
import { writeSnapshot } from "./snapshot-file.ts";

const at = "2026-11-23T06:00:00.000Z";
const usage = { promptTokens: 3, cachedTokens: 1, completionTokens: 2 };

const turnId = fc.constantFrom("t1", "t2", "t3");
const messageId = fc.constantFrom("t1", "t2", "m1", "m2", "m3");
const callId = fc.constantFrom("c1", "c2");
const permissionId = fc.constantFrom("p1", "p2");

/** Events as they come, and as they never should: the reducer has no say in that. */
const durableEvent: fc.Arbitrary<DurableEvent> = fc.oneof(
	fc.record({ turnId, messageId, content: fc.string() }).map(
		({ turnId: turn, messageId: id, content }): DurableEvent => ({
			type: "turn.message",
			data: { turnId: turn, message: { id, role: "user", at, content } },
		}),
	),
	fc.record({ turnId, content: fc.string(), key: fc.option(fc.string({ minLength: 1 }), { nil: undefined }) }).map(
		({ turnId: turn, content, key }): DurableEvent => ({
			type: "turn.queued",
			data: {
				turnId: turn,
				turn: { turnId: turn, state: "queued", content, clientId: null, queuedAt: at, position: 0 },
				mode: "queue",
				...(key === undefined ? {} : { idempotencyKey: key }),
			},
		}),
	),
	fc.record({ turnId, callId }).map(
		({ turnId: turn, callId: call }): DurableEvent => ({
			type: "tool.start",
			data: { turnId: turn, callId: call, name: "read_file", arguments: {}, title: "Read" },
		}),
	),
	fc.record({ turnId, permissionId, callId }).map(
		({ turnId: turn, permissionId: id, callId: call }): DurableEvent => ({
			type: "permission.request",
			data: {
				turnId: turn,
				permission: {
					id,
					sessionId: "s",
					turnId: turn,
					callId: call,
					kind: "tool",
					tool: "run_command",
					title: "Run",
					patterns: ["npm *"],
					scopes: ["once", "session"],
					requestedAt: at,
					expiresAt: at,
				},
			},
		}),
	),
	fc.record({ turnId, permissionId, scope: fc.constantFrom("once", "session", "project") }).map(
		({ turnId: turn, permissionId: id, scope }): DurableEvent => ({
			type: "permission.resolved",
			data: { turnId: turn, permissionId: id, decision: "allow", scope: scope as "once", by: "me", cause: "answered" },
		}),
	),
	turnId.map((turn): DurableEvent => ({ type: "turn.done", data: { turnId: turn, reason: "stop", usage, durationMs: 1 } })),
	turnId.map((turn): DurableEvent => ({ type: "turn.error", data: { turnId: turn, code: "internal", message: "x", interrupted: true } })),
	messageId.map((fromMessageId): DurableEvent => {
		const { file } = emptyState("s", "x", at);
		return {
			type: "session.updated",
			data: { session: { id: "s", title: "T", metadata: file.metadata }, messages: "rewound", fromMessageId, compaction: null, todos: [] },
		};
	}),
);

async function newFiles() {
	const folder = await mkdtemp(path.join(tmpdir(), "opta-load-"));
	return [path.join(folder, "s.jsonl"), path.join(folder, "s.json")] as const;
}

async function load(files: readonly [string, string]) {
	const loaded = await loadSession(...files, "s");
	if (loaded.ok) {
		await loaded.log.close();
	}
	return loaded;
}

it("is the same session from a snapshot and what follows as from the whole log", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(durableEvent, { minLength: 1, maxLength: 40 }), fc.nat(), async (events, cut) => {
			const files = await newFiles();
			const drafts = events.map((event) => ({ event }));
			const whole = buildLog("s", drafts, at);
			await replaceFile(files[0], whole.text);
			const lines = whole.text.split(/(?<=\n)/);
			const early = 1 + (cut % lines.length);
			const { epoch } = whole.state.file.metadata;
			const prefix = lines.slice(1, early).map((line) => JSON.parse(line));
			const state = prefix.reduce(applyEvent, emptyState("s", epoch, at));
			await writeSnapshot(files[1], state, Buffer.byteLength(lines.slice(0, early).join("")));
			const loaded = await load(files);
			expect(loaded).toMatchObject({ ok: true, tornBytes: 0 });
			expect(loaded.ok && loaded.state).toEqual(whole.state);
		}),
		{ numRuns: 60 },
	);
});

it("is the session up to the last whole line, wherever the file was torn", async () => {
	const message = (content: string): DurableEvent => ({
		type: "turn.message",
		data: { turnId: "t", message: { id: content, role: "user", at, content } },
	});
	const built = buildLog(
		"s",
		["a", "b", "c"].map((text) => ({ event: message(text) })),
		at,
	);
	const header = built.text.indexOf("\n") + 1;
	const files = await newFiles();
	for (let length = header; length <= built.text.length; length += 7) {
		await replaceFile(files[0], built.text);
		await truncate(files[0], length);
		const loaded = await load(files);
		const whole = built.text.slice(header, length).split("\n").length - 1;
		expect(loaded.ok && loaded.state.file.messages.length).toBe(whole);
	}
	await replaceFile(files[0], built.text);
	await appendFile(files[0], Buffer.alloc(4096));
	expect(await load(files)).toMatchObject({ ok: true, tornBytes: 4096 });
});

it("tells damage in the middle from a torn end, and what is left", async () => {
	const message = (content: string): DurableEvent => ({
		type: "turn.message",
		data: { turnId: "t", message: { id: content, role: "user", at, content } },
	});
	const built = buildLog(
		"s",
		["a", "b", "c"].map((text) => ({ event: message(text) })),
		at,
	);
	const files = await newFiles();
	const lines = built.text.split("\n");
	await writeFile(files[0], [lines[0], lines[1], "#".repeat(50), lines[3], ""].join("\n"));
	const loaded = await load(files);
	expect(loaded.ok === false && loaded.reason === "damaged" && loaded.state?.file.messages.map(({ content }) => content)).toEqual(["a"]);
	await writeFile(files[0], lines.slice(0, 2).join("\n"));
	await writeSnapshot(files[1], built.state, built.text.length);
	const behind = await load(files);
	expect(behind.ok === false && behind.reason === "damaged" && behind.state?.file.messages).toHaveLength(3);
});

it("leaves logs of a newer daemon alone, and says when there is none", async () => {
	const files = await newFiles();
	expect(await load(files)).toEqual({ ok: false, reason: "missing" });
	const text = `${JSON.stringify({ kind: "opta-session-log", format: 2 })}\n`;
	await writeFile(files[0], text);
	expect(await load(files)).toEqual({ ok: false, reason: "newer" });
	expect(await readFile(files[0], "utf8")).toBe(text);
});
