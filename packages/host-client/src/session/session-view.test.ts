import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { SessionInfo, SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEvent, emptySessionView, type SessionView } from "./session-view.ts";
import { viewFromSnapshot } from "./view-from-snapshot.ts";

const at = "2026-11-23T10:00:00.000Z";
const usage = { promptTokens: 100, cachedTokens: 80, completionTokens: 12 };
const info: SessionInfo = {
	id: "session",
	title: "Tests",
	metadata: {
		format: 1,
		workspace: "/project",
		model: "auto",
		mode: "ask",
		createdAt: at,
		updatedAt: at,
		ownerUserId: null,
		deviceId: null,
		named: false,
		parent: null,
		lastSeq: 0,
		epoch: "e",
		messageCount: 0,
		trashedAt: null,
		usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
	},
};

type Turn = {
	readonly prompt: string;
	readonly pieces: readonly string[];
	readonly tool: string[] | null;
	readonly end: "done" | "error" | "open";
};

/** The events of a session that runs these turns one after the other: durable ones numbered, volatile ones between them. */
function eventsOf(turns: readonly Turn[]): StreamEvent[] {
	const events: StreamEvent[] = [];
	const durable = (type: string, data: object) => {
		const seq = events.filter((event) => "seq" in event).length + 1;
		events.push({ v: 1, sessionId: "session", at, id: `e:${seq}`, seq, type, data } as StreamEvent);
	};
	const passing = (type: string, data: object) => events.push({ v: 1, sessionId: "session", at, type, data } as StreamEvent);
	durable("session.updated", { session: info });
	turns.forEach(({ prompt, pieces, tool, end }, index) => {
		const turnId = `turn${index}`;
		const turn = { turnId, state: "queued", content: prompt, clientId: null, queuedAt: at, position: 0 };
		durable("turn.queued", { turnId, turn, mode: "queue" });
		durable("turn.started", { turnId, model: "m", provider: "lmx" });
		durable("turn.message", { turnId, message: { id: `${turnId}u`, role: "user", at, turnId, content: prompt } });
		passing("turn.progress", { turnId, stage: "reading_prompt", fraction: 0.5, message: null });
		const messageId = `${turnId}a`;
		let offset = 0;
		for (const text of pieces) {
			passing("turn.token", { turnId, messageId, channel: "text", offset, text });
			offset += text.length;
		}
		const toolCalls = tool === null ? undefined : [{ id: `${turnId}c`, name: "run_command", arguments: { command: "ls" } }];
		durable("turn.message", { turnId, message: { id: messageId, role: "assistant", at, turnId, content: pieces.join(""), toolCalls } });
		if (tool !== null) {
			const callId = `${turnId}c`;
			durable("tool.start", { turnId, callId, name: "run_command", arguments: { command: "ls" }, title: "Run ls" });
			let written = 0;
			for (const text of tool) {
				passing("tool.output", { turnId, callId, offset: written, text });
				written += text.length;
			}
			const output = tool.join("");
			durable("tool.result", { turnId, callId, name: "run_command", ok: true, output, truncated: false, durationMs: 5 });
			durable("turn.message", {
				turnId,
				message: { id: `${turnId}t`, role: "tool", at, turnId, content: output, toolCallId: callId, ok: true },
			});
		}
		if (end === "done") {
			durable("turn.done", { turnId, reason: "stop", usage, durationMs: 9 });
		}
		if (end === "error") {
			durable("turn.error", { turnId, code: "model_unavailable", message: "No model answers.", interrupted: false });
		}
	});
	return events;
}

function snapshotOf(view: SessionView): SessionSnapshot {
	return {
		...info,
		messages: view.entries.flatMap((entry) => (entry.kind === "message" ? [entry.message] : [])),
		permissions: [...view.permissions],
		todos: [...view.todos],
		turns: [...view.turns],
		compaction: null,
		lastEventId: `e:${view.lastSeq}`,
	};
}

const turnArbitrary = fc.record({
	prompt: fc.string(),
	pieces: fc.array(fc.string({ minLength: 1 }), { maxLength: 6 }),
	tool: fc.option(fc.array(fc.string({ minLength: 1 }), { maxLength: 4 })),
	end: fc.constantFrom<Turn["end"]>("done", "error"),
});
const watch = (events: readonly StreamEvent[], from = emptySessionView) => events.reduce(applyEvent, from);

describe("session view", () => {
	it("ends the same whatever tokens and output are lost or repeated", () => {
		fc.assert(
			fc.property(fc.array(turnArbitrary, { maxLength: 3 }), fc.infiniteStream(fc.integer({ min: 0, max: 2 })), (turns, copies) => {
				const events = eventsOf(turns);
				const disturbed = events.flatMap((event) => ("seq" in event ? [event] : Array(copies.next().value ?? 1).fill(event)));
				expect(watch(disturbed)).toEqual(watch(events));
			}),
		);
	});

	it("shows somebody who attaches in the middle what those see who watched all along", () => {
		fc.assert(
			fc.property(fc.array(turnArbitrary, { minLength: 1, maxLength: 3 }), fc.nat(), (turns, at) => {
				const durable = eventsOf(turns).filter((event) => "seq" in event);
				const cut = at % durable.length;
				const before = watch(durable.slice(0, cut + 1));
				const attached = viewFromSnapshot(snapshotOf(before), durable.slice(0, cut + 1));
				expect(watch(durable, attached)).toEqual(watch(durable));
			}),
		);
	});

	it("shows the text as it is written, and after a hole what follows the hole", () => {
		const [turn] = [{ prompt: "hi", pieces: ["One ", "two ", "three"], tool: null, end: "open" as const }];
		const events = eventsOf([turn]);
		const tokens = events.filter((event) => event.type === "turn.token");
		const begun = watch(events.slice(0, events.indexOf(tokens[0]!)));
		expect(watch(tokens, begun).live?.text).toEqual({ base: 0, text: "One two three" });
		expect(watch([tokens[0]!, tokens[2]!], begun).live?.text).toEqual({ base: 8, text: "three" });
	});

	it("keeps a question until it is answered, and remembers the answer with its call", () => {
		const base = watch(eventsOf([{ prompt: "hi", pieces: ["x"], tool: null, end: "open" }]));
		const permission = {
			id: "p",
			sessionId: "session",
			turnId: "turn0",
			callId: "c",
			kind: "tool",
			tool: "run_command",
			title: "Run ls",
			patterns: [],
			scopes: ["once"],
			requestedAt: at,
			expiresAt: at,
		};
		const envelope = { v: 1, sessionId: "session", at };
		const asked = applyEvent(base, {
			...envelope,
			id: "e:50",
			seq: 50,
			type: "permission.request",
			data: { turnId: "turn0", permission },
		} as StreamEvent);
		expect(asked.permissions).toHaveLength(1);
		expect(asked.turns[0]?.state).toBe("waiting");
		const data = { turnId: "turn0", permissionId: "p", decision: "deny", scope: "once", by: "phone", cause: "answered" };
		const answered = applyEvent(asked, { ...envelope, id: "e:51", seq: 51, type: "permission.resolved", data } as StreamEvent);
		expect(answered.permissions).toEqual([]);
		expect(answered.turns[0]?.state).toBe("running");
		expect(answered.decisions.c).toMatchObject({ decision: "deny", by: "phone" });
	});

	it("forgets what a rewind removed", () => {
		const view = watch(eventsOf([turnOf("one"), turnOf("two")]));
		const data = { session: info, messages: "rewound", fromMessageId: "turn1u" };
		const event = { v: 1, sessionId: "session", at, id: "e:99", seq: 99, type: "session.updated", data } as StreamEvent;
		const rewound = applyEvent(view, event);
		expect(rewound.entries.flatMap((entry) => (entry.kind === "message" ? [entry.message.content] : []))).toEqual(["one", "answer"]);
	});
});

function turnOf(prompt: string): Turn {
	return { prompt, pieces: ["answer"], tool: null, end: "done" };
}
