import type { ChatChunk, FinishReason, Timings } from "@opta/contracts/schema/lmx-chat";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChatEvent } from "./chat-event.ts";
import { createChatStreamParser } from "./chat-stream-parser.ts";

const timings: Timings = {
	prompt_n: 9,
	prompt_ms: 20,
	prompt_per_second: 450,
	predicted_n: 3,
	predicted_ms: 15,
	predicted_per_second: 200,
};

function chunk(content: string | undefined, finishReason: FinishReason | null = null, extra: Partial<ChatChunk> = {}): string {
	const body = {
		id: "chatcmpl-1",
		object: "chat.completion.chunk",
		created: 1,
		model: "m",
		choices: [{ index: 0, delta: content === undefined ? {} : { content }, logprobs: null, finish_reason: finishReason }],
		...extra,
	};
	return `data: ${JSON.stringify(body)}\n\n`;
}

function parse(pieces: readonly string[]): ChatEvent[] {
	const events: ChatEvent[] = [];
	const parser = createChatStreamParser((event) => events.push(event));
	for (const piece of pieces) {
		parser.push(piece);
	}
	parser.end();
	return events;
}

/** The events with neighbouring deltas joined: how text was cut must not matter. */
function joined(events: readonly ChatEvent[]): unknown[] {
	const text = events.map((event) => (event.type === "delta" ? event.text : "")).join("");
	return [text, ...events.filter((event) => event.type !== "delta")];
}

describe("a streamed answer", () => {
	const whole = [
		": queued\n\n",
		chunk("The "),
		chunk("sky "),
		chunk("is blue."),
		chunk(undefined, "stop", { timings }),
		"data: [DONE]\n\n",
	];

	it("tells its text, its timings and its end", () => {
		expect(parse(whole)).toEqual([
			{ type: "delta", text: "The " },
			{ type: "delta", text: "sky " },
			{ type: "delta", text: "is blue." },
			{ type: "timings", timings },
			{ type: "done", finishReason: "stop" },
		]);
	});

	it("is the same wherever it was cut, with LF, CRLF or CR line ends", () => {
		const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { maxLength: 12 });
		const cuts = fc.array(fc.nat(), { maxLength: 30 });
		fc.assert(
			fc.property(texts, cuts, fc.constantFrom("\n", "\r\n", "\r"), (parts, positions, lineEnd) => {
				const stream = [...parts.map((part) => chunk(part)), chunk(undefined, "length", { timings }), "data: [DONE]\n\n"]
					.join("")
					.replaceAll("\n", lineEnd);
				const places = [...new Set(positions.map((position) => position % (stream.length + 1)))].sort((a, b) => a - b);
				const pieces = [0, ...places].map((start, index) => stream.slice(start, places[index] ?? stream.length));
				expect(joined(parse(pieces))).toEqual([parts.join(""), { type: "timings", timings }, { type: "done", finishReason: "length" }]);
			}),
		);
	});

	it("that breaks off is an error, and what arrived before is kept", () => {
		const events = parse([chunk("The "), chunk("sky")]);
		expect(events.slice(0, 2)).toEqual([
			{ type: "delta", text: "The " },
			{ type: "delta", text: "sky" },
		]);
		expect(events.at(-1)).toMatchObject({ type: "error", error: { code: "interrupted" } });
	});

	it("that fails on its way ends with the server's own error, and only once", () => {
		const failure = { error: { code: "model_crashed", message: "The model stopped. It is being restarted.", type: "server_error" } };
		const events = parse([chunk("The "), `data: ${JSON.stringify(failure)}\n\n`, chunk("late"), "data: [DONE]\n\n"]);
		expect(events).toHaveLength(2);
		expect(events[1]).toMatchObject({ type: "error", error: { code: "model_crashed", message: failure.error.message } });
	});

	it("skips what a newer server may add", () => {
		const events = parse(["event: progress\ndata: {}\n\n", "data: 7\n\n", "data: not json\n\n", 'data: {"choices":[]}\n\n', ...whole]);
		expect(joined(events)).toEqual(joined(parse(whole)));
	});
});
