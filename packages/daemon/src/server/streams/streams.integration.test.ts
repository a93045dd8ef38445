import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { daemonSocketProtocol, daemonSocketTokenPrefix } from "@opta/contracts/daemon-protocol";
import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import { createParser } from "eventsource-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { expectValue, startTestDaemon, type TestDaemon } from "../../testing/daemon-in-process.ts";
import { createHeld } from "../../testing/scripted-reply.ts";

let daemon: TestDaemon;

beforeAll(async () => {
	daemon = await startTestDaemon({}, { otherwise: () => [{ text: "The answer." }] });
});

afterAll(() => daemon.close());

interface Heard {
	readonly id: string | undefined;
	readonly event: StreamEvent;
}

/** Reads a session's SSE until an event of one of these types. */
async function readUntil(types: string | readonly string[], path: string, headers: Record<string, string> = {}): Promise<Heard[]> {
	const leave = new AbortController();
	const response = await daemon.send(path, { headers, signal: leave.signal });
	expect(response.headers.get("content-type")).toContain("text/event-stream");
	const heard: Heard[] = [];
	const parser = createParser({ onEvent: ({ id, data }) => heard.push({ id, event: JSON.parse(data) }) });
	const decoder = new TextDecoder();
	for await (const piece of response.body ?? []) {
		parser.feed(decoder.decode(piece, { stream: true }));
		if (heard.some(({ event }) => types.includes(event.type))) {
			break;
		}
	}
	leave.abort();
	return heard;
}

async function runTurn(sessionId: string, content: string): Promise<void> {
	const before = expectValue(await daemon.client().readSession(sessionId)).lastEventId;
	expectValue(await daemon.client().createTurn(sessionId, { content }, randomUUID()));
	// A prompt that is too long for the model ends its turn too.
	await readUntil(["turn.done", "turn.error"], `/v3/sessions/${sessionId}/stream?after=${before}`);
}

interface SocketClient {
	readonly socket: WebSocket;
	readonly frames: { type: string; sessionId?: string; id?: string }[];
	readonly until: (test: (frames: SocketClient["frames"]) => boolean) => Promise<void>;
}

function openSocket(): Promise<SocketClient> {
	const protocols = [daemonSocketProtocol, `${daemonSocketTokenPrefix}${daemon.token}`];
	const socket = new WebSocket(`${daemon.baseUrl.replace("http", "ws")}/v3/ws?clientId=abc&clientName=test`, protocols);
	const frames: SocketClient["frames"] = [];
	let check = (): void => undefined;
	socket.on("message", (data) => {
		frames.push(JSON.parse(String(data)));
		check();
	});
	const until: SocketClient["until"] = (test) =>
		new Promise((resolve) => {
			check = () => {
				if (test(frames)) {
					resolve();
				}
			};
			check();
		});
	return new Promise((resolve) => socket.on("open", () => resolve({ socket, frames, until })));
}

describe("server-sent events", () => {
	it("go on after Last-Event-ID or ?after= without gap or repeat, then say that they are live", async () => {
		const sessionId = await daemon.createSession();
		await runTurn(sessionId, "one");
		const stream = `/v3/sessions/${sessionId}/stream`;
		const all = await readUntil("replay.complete", `${stream}?after=0`);
		const ids = all.flatMap(({ id }) => id ?? []);
		expect(ids.map((id) => Number(id.split(":")[1]))).toEqual(ids.map((_id, index) => index + 1));
		for (const rest of [
			await readUntil("replay.complete", stream, { "last-event-id": ids[2] ?? "" }),
			await readUntil("replay.complete", `${stream}?after=${ids[2]}`),
		]) {
			expect(rest.flatMap(({ id }) => id ?? [])).toEqual(ids.slice(3));
			expect(rest.at(-1)?.id).toBeUndefined();
		}
		expect((await daemon.client().listEvents(sessionId, ids[2] ?? "")).ok).toBe(true);
	});

	it("end with resync.required for a cursor of another epoch and for one that is none", async () => {
		const sessionId = await daemon.createSession();
		for (const cursor of ["other-epoch:3", "nonsense"]) {
			const heard = await readUntil("resync.required", `/v3/sessions/${sessionId}/stream?after=${cursor}`);
			expect(heard.at(-1)?.event).toMatchObject({ type: "resync.required" });
		}
	});

	it("are refused for a session that is not there", async () => {
		const response = await daemon.send("/v3/sessions/01a206ff-0000-7000-8000-000000000000/stream");
		expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([404, "not_found"]);
	});
});

describe("the WebSocket", () => {
	it("carries several sessions, each with the same events as SSE, and tells of changes of the list", async () => {
		const sessions = [await daemon.createSession(), await daemon.createSession()];
		const { socket, frames, until } = await openSocket();
		for (const sessionId of sessions) {
			socket.send(JSON.stringify({ type: "subscribe", sessionId, after: "0" }));
		}
		await Promise.all(sessions.map((sessionId, index) => runTurn(sessionId, `turn ${index}`)));
		const isDone = (sessionId: string) => frames.some((frame) => frame.type === "turn.done" && frame.sessionId === sessionId);
		await until(() => sessions.every(isDone));
		await until(() => frames.some(({ type }) => type === "sessions.changed"));
		expect(frames[0]).toMatchObject({ type: "hello", build: "0.1.0", clientId: "abc" });
		for (const sessionId of sessions) {
			const bySse = await readUntil("replay.complete", `/v3/sessions/${sessionId}/stream?after=0`);
			const bySocket = frames.filter((frame) => frame.sessionId === sessionId && frame.id !== undefined);
			expect(bySocket).toEqual(bySse.filter(({ id }) => id !== undefined).map(({ event }) => event));
		}
		socket.terminate();
	});

	it("answers pings, refuses what is no frame, and ends a subscription when asked", async () => {
		const sessionId = await daemon.createSession();
		const { socket, frames, until } = await openSocket();
		socket.send("nonsense");
		socket.send(JSON.stringify({ type: "ping" }));
		socket.send(JSON.stringify({ type: "subscribe", sessionId: "nobody" }));
		socket.send(JSON.stringify({ type: "subscribe", sessionId }));
		await until(() => frames.some(({ type }) => type === "replay.complete"));
		socket.send(JSON.stringify({ type: "subscribe", sessionId }));
		socket.send(JSON.stringify({ type: "unsubscribe", sessionId }));
		await until(() => frames.some(({ type }) => type === "unsubscribed") && frames.filter(({ type }) => type === "error").length === 3);
		const types = frames.map((frame) =>
			frame.type === "error" ? (frame as unknown as { error: { code: string } }).error.code : frame.type,
		);
		expect(types.toSorted()).toEqual([
			"conflict",
			"hello",
			"invalid_request",
			"not_found",
			"pong",
			"replay.complete",
			"subscribed",
			"unsubscribed",
		]);
		socket.terminate();
	});
});

describe("a reader that takes nothing", () => {
	it("is cut off alone; the others hear everything, and it may come back with its cursor", async () => {
		const sessionId = await daemon.createSession();
		const { port, hostname } = new URL(daemon.baseUrl);
		const slow = connect(Number(port), hostname);
		const ended = new Promise<void>((resolve) => slow.on("close", () => resolve()));
		slow.on("error", () => undefined);
		await new Promise<void>((resolve) => slow.on("connect", () => resolve()));
		slow.pause();
		slow.write(
			`GET /v3/sessions/${sessionId}/stream?after=0 HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\nauthorization: Bearer ${daemon.token}\r\n\r\n`,
		);
		const good: string[] = [];
		const leave = new AbortController();
		const follower = daemon
			.client()
			.followSession(
				sessionId,
				{ onSnapshot: () => undefined, onEvent: (event) => void ("id" in event && good.push(event.id)) },
				leave.signal,
			);
		const held = createHeld();
		daemon.model.reply({ hold: held }, { text: "Held." });
		expectValue(await daemon.client().createTurn(sessionId, { content: "first" }, randomUUID()));
		await held.reached;
		for (let index = 0; index < 14; index++) {
			expectValue(await daemon.client().createTurn(sessionId, { content: "x".repeat(1_500_000) }, randomUUID()));
		}
		expectValue(await daemon.client().cancel(sessionId));
		slow.resume();
		await ended;
		const last = expectValue(await daemon.client().readSession(sessionId)).lastEventId;
		await expect.poll(() => good.at(-1)).toBe(last);
		const seqs = good.map((id) => Number(id.split(":")[1]));
		expect(seqs).toEqual(seqs.map((_seq, index) => (seqs[0] ?? 0) + index));
		leave.abort();
		await follower;
	});
});

describe("POST /v1/chat", () => {
	const ask = (body: unknown) =>
		daemon.send("/v1/chat", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

	it("answers one question as JSON and goes on in the same session", async () => {
		const { workspace } = daemon;
		const first = (await (await ask({ message: "Hello?", workspace })).json()) as { session: string; message: { content: string } };
		expect(first).toMatchObject({ message: { role: "assistant", content: "The answer." }, reason: "stop" });
		const messages = [
			{ role: "user", content: "Earlier" },
			{ role: "assistant", content: "Said" },
			{ role: "user", content: "Later" },
		];
		expect(await (await ask({ messages, session: first.session })).json()).toMatchObject({ session: first.session });
		const session = expectValue(await daemon.client().readSession(first.session));
		expect(session.messages.map(({ role, content }) => [role, content])).toEqual([
			["user", "Hello?"],
			["assistant", "The answer."],
			["user", "Later"],
			["assistant", "The answer."],
		]);
		expect(session.messages[2]?.attachments?.[0]?.content).toBe("user: Earlier\n\nassistant: Said");
		expect(session.metadata.mode).toBe("plan");
	});

	it("streams the same in pieces, and says what is wrong with a question", async () => {
		const text = await (await ask({ message: "Hello?", workspace: daemon.workspace, stream: true })).text();
		const events = text
			.split("\n\n")
			.filter((event) => event.startsWith("data: "))
			.map((event) => JSON.parse(event.slice(6)) as { delta?: string; done?: boolean });
		expect(events.map(({ delta }) => delta ?? "").join("")).toBe("The answer.");
		expect(events.at(-1)).toMatchObject({ done: true, message: { content: "The answer." } });
		expect((await ask({})).status).toBe(400);
		expect((await ask({ message: "x", session: "nobody" })).status).toBe(404);
	});
});
