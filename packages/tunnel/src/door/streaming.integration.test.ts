import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { type DoorBench, openDoorBench } from "../testing/door-bench.ts";

let bench: DoorBench;
afterEach(() => bench.close());

const chat = { method: "POST", path: "/v1/chat/completions", headers: { "content-type": "application/json" } };

/** Opens a chat and waits until the target holds both sides of it. */
async function openChat(): Promise<{ outgoing: ReturnType<DoorBench["open"]>; incoming: IncomingMessage; response: ServerResponse }> {
	const reached = new Promise<{ incoming: IncomingMessage; response: ServerResponse }>((resolve) =>
		bench.answerWith((incoming, response) => resolve({ incoming, response })),
	);
	const outgoing = bench.open({ ...chat, pass: await bench.passes.make("user") });
	outgoing.on("error", () => undefined);
	outgoing.write('{"messages":');
	return { outgoing, ...(await reached) };
}

async function nextChunk(stream: IncomingMessage): Promise<string> {
	const [chunk] = await once(stream, "data");
	return String(chunk);
}

describe("streaming through the door", () => {
	it("passes each piece on before the next exists, in both directions", async () => {
		bench = await openDoorBench();
		const { outgoing, incoming, response } = await openChat();
		expect(await nextChunk(incoming)).toBe('{"messages":');
		outgoing.write("[]}");
		expect(await nextChunk(incoming)).toBe("[]}");
		outgoing.end();
		response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
		const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
		expect(answer.headers["content-type"]).toBe("text/event-stream");
		for (const event of ["data: one\n\n", "data: zwölf\n\n", "data: [DONE]\n\n"]) {
			response.write(event);
			expect(await nextChunk(answer)).toBe(event);
		}
		response.end();
		await once(answer, "end");
	});

	it("cuts the target off as soon as the client leaves in the middle of an answer", async () => {
		bench = await openDoorBench();
		const { outgoing, response } = await openChat();
		outgoing.end("[]}");
		response.writeHead(200).write("data: one\n\n");
		const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
		await nextChunk(answer);
		outgoing.destroy();
		await once(response, "close");
		expect(response.writableFinished).toBe(false);
	});

	it("cuts the target off when the client leaves before any answer", async () => {
		bench = await openDoorBench();
		const { outgoing, response } = await openChat();
		outgoing.end("[]}");
		outgoing.destroy();
		await once(response, "close");
	});

	it("cuts the target off when the client leaves while it still sends", async () => {
		bench = await openDoorBench();
		const { outgoing, incoming } = await openChat();
		incoming.on("error", () => undefined).resume();
		outgoing.destroy();
		await new Promise((resolve) => incoming.once("close", resolve));
		expect(incoming.complete).toBe(false);
	});

	it("breaks off the answer when the target breaks off, so that no part is taken for the whole", async () => {
		bench = await openDoorBench();
		const { outgoing, response } = await openChat();
		outgoing.end("[]}");
		response.writeHead(200).write("data: one\n\n");
		const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
		await nextChunk(answer);
		response.destroy();
		await expect(once(answer, "end")).rejects.toThrow("aborted");
		expect(await bench.nextLog()).toMatchObject({ outcome: "failed" });
	});

	it("holds the target back when the client does not read", async () => {
		bench = await openDoorBench();
		const { outgoing, response } = await openChat();
		outgoing.end("[]}");
		response.writeHead(200).flushHeaders();
		await once(outgoing, "response");
		response.end(Buffer.alloc(64 * 1024 * 1024));
		const viewer = await bench.passes.make("viewer");
		bench.answerWith((_incoming, other) => other.end());
		for (let others = 0; others < 50; others++) {
			await bench.send({ pass: viewer });
		}
		expect(response.writableFinished).toBe(false);
		outgoing.destroy();
		await once(response, "close");
	});
});

describe("a stream that has nothing to say", () => {
	it("is kept alive by its own comments, which pass at once; the door adds nothing to any answer", async () => {
		bench = await openDoorBench();
		const { outgoing, response } = await openChat();
		outgoing.end("[]}");
		response.writeHead(200, { "content-type": "text/event-stream" }).write("data: half of an ev");
		const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
		const told: string[] = [];
		answer.on("data", (chunk) => told.push(String(chunk)));
		for (const piece of ["ent\n\n", ": alive\n\n", ": alive\n\n"]) {
			const next = once(answer, "data");
			response.write(piece);
			await next;
		}
		response.end();
		await once(answer, "end");
		expect(told.join("")).toBe("data: half of an event\n\n: alive\n\n: alive\n\n");
	});
});

describe("a client that takes nothing of its answer", () => {
	it("is cut after a while, and the target with it", async () => {
		bench = await openDoorBench({ limits: { readerStallMs: 300 } });
		const { outgoing, response } = await openChat();
		outgoing.end("[]}");
		response.writeHead(200).write(Buffer.alloc(32 * 1024 * 1024));
		const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
		answer.on("error", () => undefined);
		await once(response, "close");
		expect(response.writableFinished).toBe(false);
		outgoing.destroy();
	});
});

describe("more than may be under way", () => {
	it("is refused with a time to wait, of one person or of all", async () => {
		bench = await openDoorBench({ limits: { maxRequests: 3, maxRequestsPerPerson: 2 } });
		bench.answerWith((incoming) => incoming.resume());
		const sub = randomUUID();
		const ask = async (person: string) => {
			const outgoing = bench.open({ pass: await bench.passes.make("viewer", { claims: { sub: person } }) });
			outgoing.on("error", () => undefined).end();
			return outgoing;
		};
		const refused = async (person: string) => {
			const { status, headers, body } = await bench.send({ pass: await bench.passes.make("viewer", { claims: { sub: person } }) });
			return [status, JSON.parse(body).error.code, Number(headers["retry-after"]) > 0];
		};
		const open = [await ask(sub), await ask(sub)];
		await expect.poll(() => bench.received.length).toBe(2);
		expect(await refused(sub)).toEqual([503, "unavailable", true]);
		open.push(await ask(randomUUID()));
		await expect.poll(() => bench.received.length).toBe(3);
		expect(await refused(randomUUID())).toEqual([503, "unavailable", true]);
		for (const outgoing of open) {
			outgoing.destroy();
		}
		bench.answerWith((_incoming, response) => response.end());
		await expect.poll(async () => (await bench.send({ pass: await bench.passes.make("viewer", { claims: { sub } }) })).status).toBe(200);
	});
});

describe("a pass that is revoked while its stream runs", () => {
	it("ends the stream as broken off and the model's work with it; other people's go on, and a new pass opens the door again", async () => {
		bench = await openDoorBench();
		const [sub, other] = [randomUUID(), randomUUID()];
		const streams = [];
		for (const person of [sub, other]) {
			const reached = new Promise<ServerResponse>((resolve) => bench.answerWith((_incoming, response) => resolve(response)));
			const outgoing = bench.open({ ...chat, pass: await bench.passes.make("user", { claims: { sub: person } }) });
			outgoing.on("error", () => undefined).end("{}");
			const response = await reached;
			response.writeHead(200).write("data: one\n\n");
			const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
			await nextChunk(answer);
			streams.push({ response, answer });
		}
		const since = Math.floor(Date.now() / 1000) + 1;
		const broken = expect(once(streams[0]!.answer, "end")).rejects.toThrow("aborted");
		expect(bench.revoke([{ sub, since }])).toBe(1);
		await Promise.all([broken, once(streams[0]!.response, "close")]);
		streams[1]!.response.end("data: two\n\n");
		expect(await nextChunk(streams[1]!.answer)).toBe("data: two\n\n");

		bench.answerWith((_incoming, response) => response.end());
		const from = (iat: number) => bench.passes.make("viewer", { claims: { sub, iat, exp: iat + 60 } });
		expect((await bench.send({ pass: await from(since) })).status).toBe(401);
		expect((await bench.send({ pass: await from(since + 1) })).status).toBe(200);
	});
});

describe("a target that is in trouble", () => {
	it("that is not there gives 502 with what to do", async () => {
		bench = await openDoorBench();
		await bench.stopTarget();
		const answer = await bench.send({ pass: await bench.passes.make("viewer") });
		expect(answer.status).toBe(502);
		expect(JSON.parse(answer.body).error).toMatchObject({ code: "host_unreachable", message: expect.stringContaining("try again") });
		expect(answer.body).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/);
	});

	it("that hangs up without an answer gives 502", async () => {
		bench = await openDoorBench();
		bench.answerWith((incoming) => incoming.socket.destroy());
		expect((await bench.send({ pass: await bench.passes.make("viewer") })).status).toBe(502);
	});

	it("that does not begin to answer gives 504", async () => {
		bench = await openDoorBench({ limits: { answerTimeoutMs: 200 } });
		bench.answerWith(() => undefined);
		const answer = await bench.send({ pass: await bench.passes.make("viewer") });
		expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([504, "timeout"]);
	});

	it("that falls silent in the middle is given up", async () => {
		bench = await openDoorBench({ limits: { streamIdleTimeoutMs: 200 } });
		const { outgoing, response } = await openChat();
		outgoing.end("[]}");
		response.writeHead(200).write("data: one\n\n");
		const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
		await nextChunk(answer);
		await Promise.all([expect(once(answer, "end")).rejects.toThrow("aborted"), once(response, "close")]);
	});

	it("passes its own errors on as they are", async () => {
		bench = await openDoorBench();
		bench.answerWith((_incoming, response) =>
			response.writeHead(429, { "retry-after": "2", "content-type": "application/json" }).end('{"error":{"code":"queue_full"}}'),
		);
		const answer = await bench.send({ ...chat, body: "{}", pass: await bench.passes.make("user") });
		expect(answer).toMatchObject({ status: 429, headers: { "retry-after": "2" }, body: '{"error":{"code":"queue_full"}}' });
	});
});
