import { performance } from "node:perf_hooks";
import { type ChatChunk, chatChunkSchema, type Timings } from "@opta/contracts/schema/lmx-chat";

/** What a reader of a streamed answer saw; times in milliseconds since the question was sent. */
export interface SeenAnswer {
	readonly firstTextMs: number;
	readonly doneMs: number;
	/** Longest silence between two texts. */
	readonly longestGapMs: number;
	readonly timings: Timings;
}

/** Asks for an answer of exactly `tokens` tokens, unless the model ends earlier, and reads it as a stream. */
export async function streamChat(url: string, content: string, tokens: number): Promise<SeenAnswer> {
	const sentAtMs = performance.now();
	const response = await fetch(`${url}/v1/chat/completions`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ messages: [{ role: "user", content }], max_tokens: tokens, stream: true }),
	});
	if (!response.ok || response.body === null) {
		throw new Error(`LMX answered ${response.status}: ${await response.text()}`);
	}
	const textAtMs: number[] = [];
	let timings: Timings | undefined;
	let rest = "";
	for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
		const events = (rest + piece).split("\n\n");
		rest = events.pop() ?? "";
		for (const event of events) {
			if (!event.startsWith("data: {")) {
				continue;
			}
			const chunk: ChatChunk = chatChunkSchema.parse(JSON.parse(event.slice("data: ".length)));
			if (chunk.choices[0]?.delta.content) {
				textAtMs.push(performance.now() - sentAtMs);
			}
			timings ??= chunk.timings;
		}
	}
	const [firstTextMs] = textAtMs;
	if (firstTextMs === undefined || timings === undefined) {
		throw new Error("The answer broke off.");
	}
	const gaps = textAtMs.slice(1).map((ms, index) => ms - (textAtMs[index] ?? ms));
	return { firstTextMs, doneMs: performance.now() - sentAtMs, longestGapMs: Math.max(0, ...gaps), timings };
}
