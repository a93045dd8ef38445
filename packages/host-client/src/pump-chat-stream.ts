import type { ChatEvent } from "./chat-event.ts";
import { type ChatStreamParser, createChatStreamParser } from "./chat-stream-parser.ts";
import { interruptedError, parseErrorResponse } from "./host-error.ts";

/** How a streamed answer is received. */
export interface StreamChatOptions {
	/** Aborting ends the answer with `done`, finish reason `cancelled`; the host stops generating. */
	readonly signal: AbortSignal;
	readonly onEvent: (event: ChatEvent) => void;
	/**
	 * Least time between two reads of the stream, 0 by default. All is read at once until the first text is there;
	 * later pieces gather in the meantime, so that a fast model does not wake a page for every token.
	 */
	readonly readIntervalMs?: number;
}

/** Resolves after the time, or at once when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const end = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		signal.addEventListener("abort", end);
	});
}

/** Resolves in the next task, after everything that can settle by itself has. */
function nextTask(): Promise<undefined> {
	return new Promise((resolve) => setTimeout(resolve, 0, undefined));
}

type Piece = ReadableStreamReadResult<Uint8Array>;

/** Reads on; a failure is told to whoever awaits it, and nobody has to. */
function readOn(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Piece> {
	const next = reader.read();
	next.catch(() => undefined);
	return next;
}

async function readInto(
	parser: ChatStreamParser,
	reader: ReadableStreamDefaultReader<Uint8Array>,
	{ signal, readIntervalMs = 0 }: StreamChatOptions,
	hasText: () => boolean,
): Promise<void> {
	const decoder = new TextDecoder();
	let next = readOn(reader);

	function take({ value, done }: Piece): void {
		if (done) {
			parser.end();
		} else {
			parser.push(decoder.decode(value, { stream: true }));
			next = readOn(reader);
		}
	}

	while (!parser.ended && !signal.aborted) {
		const startedMs = performance.now();
		take(await next);
		// Browsers give one piece per read, however many wait: all of them are taken before the pause.
		const waiting = readIntervalMs > 0 && hasText() ? nextTask() : undefined;
		for (let more = await Promise.race([next, waiting]); more !== undefined && !parser.ended; more = await Promise.race([next, waiting])) {
			take(more);
		}
		const leftMs = readIntervalMs - (performance.now() - startedMs);
		if (leftMs > 0 && hasText() && !parser.ended && !signal.aborted) {
			await pause(leftMs, signal);
		}
	}
}

/** Reads a streamed answer to its end and tells its events; never rejects. */
export async function pumpChatStream(response: Response, options: StreamChatOptions): Promise<void> {
	const { signal, onEvent } = options;
	if (response.body === null || !response.headers.get("content-type")?.startsWith("text/event-stream")) {
		onEvent({ type: "error", error: parseErrorResponse("", response.status) });
		return;
	}
	let hasText = false;
	const parser = createChatStreamParser((event) => {
		hasText ||= event.type === "delta";
		onEvent(event);
	});
	const reader = response.body.getReader();
	const open = await readInto(parser, reader, options, () => hasText).then(
		() => !signal.aborted,
		() => false,
	);
	if (!parser.ended) {
		onEvent(signal.aborted ? { type: "done", finishReason: "cancelled" } : { type: "error", error: interruptedError() });
	}
	if (open) {
		// The answer is complete; whether the connection also closes well changes nothing for the reader.
		await reader.cancel().catch(() => undefined);
	}
}
