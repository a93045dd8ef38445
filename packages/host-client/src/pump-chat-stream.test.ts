import { describe, expect, it } from "vitest";
import type { ChatEvent } from "./chat-event.ts";
import { pumpChatStream } from "./pump-chat-stream.ts";

function delta(content: string, finishReason: string | null = null): string {
	return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finishReason }] })}\n\n`;
}

function response(pieces: readonly string[], contentType = "text/event-stream"): Response {
	const encoder = new TextEncoder();
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			for (const piece of pieces) {
				controller.enqueue(encoder.encode(piece));
			}
			controller.close();
		},
	});
	return new Response(body, { headers: { "content-type": contentType } });
}

async function eventsOf(answer: Response, readIntervalMs?: number): Promise<ChatEvent[]> {
	const events: ChatEvent[] = [];
	const signal = new AbortController().signal;
	await pumpChatStream(answer, {
		signal,
		onEvent: (event) => events.push(event),
		...(readIntervalMs === undefined ? {} : { readIntervalMs }),
	});
	return events;
}

describe("an answer that is read seldom", () => {
	it("takes everything that waits at once, also when it comes in many pieces", async () => {
		const tokens = Array.from({ length: 500 }, (_, index) => `${index} `);
		const events = await eventsOf(response([...tokens.map((token) => delta(token)), delta("", "stop"), "data: [DONE]\n\n"]), 60_000);
		expect(events.map((event) => (event.type === "delta" ? event.text : "")).join("")).toBe(tokens.join(""));
		expect(events.at(-1)).toEqual({ type: "done", finishReason: "stop" });
	});

	it("shows its first text at once, whatever came before", async () => {
		const { readable, writable } = new TransformStream<string, string>();
		const writer = writable.getWriter();
		const body = readable.pipeThrough(new TextEncoderStream());
		const shown = Promise.withResolvers<string>();
		const stop = new AbortController();
		const ended = pumpChatStream(new Response(body, { headers: { "content-type": "text/event-stream" } }), {
			signal: stop.signal,
			readIntervalMs: 60_000,
			onEvent: (event) => event.type === "delta" && shown.resolve(event.text),
		});
		for (const piece of [": queued\n\n", delta(""), delta("first")]) {
			await writer.write(piece);
			await new Promise(setImmediate);
		}
		expect(await shown.promise).toBe("first");
		stop.abort();
		await ended;
	});

	it("that ends without its end is interrupted, not complete", async () => {
		expect((await eventsOf(response([delta("half")]), 60_000)).at(-1)).toMatchObject({ type: "error", error: { code: "interrupted" } });
	});
});

it("an answer that is no event stream is an error", async () => {
	expect(await eventsOf(response(["<html>"], "text/html"))).toMatchObject([{ type: "error", error: { code: "unknown" } }]);
});
