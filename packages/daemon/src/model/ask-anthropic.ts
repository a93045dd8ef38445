import { TextDecoderStream } from "node:stream/web";
import { parseJson } from "@opta/host-client/host-error";
import { createParser } from "eventsource-parser";
import { z } from "zod";
import type { EgressWay } from "../egress/egress.ts";
import { messagesRequestOf } from "./anthropic-request.ts";
import { createEventChannel } from "./event-channel.ts";
import { brokenFailure, cancelledFailure, retryAfterMs, serverFailure, unreachableFailure } from "./model-failure.ts";
import type { ModelEvent, ModelFailure, ModelRequest } from "./model-source.ts";

/** Where and with which key. */
export interface AnthropicConnection {
	readonly way: EgressWay;
	readonly url: string;
	readonly key: string;
}

const apiVersion = "2023-06-01";
/** The API sends a `ping` event at least this often; a stream without any is dead. */
const silenceMs = 120_000;

const usage = z.object({
	input_tokens: z.number().nullish(),
	output_tokens: z.number().nullish(),
	cache_read_input_tokens: z.number().nullish(),
	cache_creation_input_tokens: z.number().nullish(),
});

/** Events of a streamed message, as far as they are read. */
const eventSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("message_start"), message: z.object({ model: z.string(), usage }) }),
	z.object({
		type: z.literal("content_block_start"),
		content_block: z.union([
			z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string() }),
			z.object({ type: z.string() }).transform(() => null),
		]),
	}),
	z.object({
		type: z.literal("content_block_delta"),
		delta: z.object({ text: z.string(), thinking: z.string(), partial_json: z.string() }).partial(),
	}),
	z.object({ type: z.literal("content_block_stop") }),
	z.object({ type: z.literal("message_delta"), delta: z.object({ stop_reason: z.string().nullish() }), usage: usage.nullish() }),
	z.object({ type: z.literal("message_stop") }),
	z.object({ type: z.literal("error"), error: z.unknown() }),
]);

function createMessageReader(
	model: string,
	push: (event: ModelEvent) => void,
): { feed: (text: string) => void; end: () => void; hadOutput: () => boolean } {
	let hadOutput = false;
	let isOver = false;
	let named = model;
	let reason: "stop" | "length" | "tool_calls" | null = null;
	let call: { id: string; name: string; text: string } | null = null;
	const counts = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

	function finish(event: ModelEvent): void {
		if (!isOver) {
			isOver = true;
			push(event);
		}
	}

	function end(): void {
		const speed = { promptTokensPerSecond: null, tokensPerSecond: null };
		finish(
			reason === null
				? { type: "failed", failure: brokenFailure(hadOutput) }
				: { type: "done", model: named, reason, usage: { ...counts }, speed },
		);
	}

	function take(event: z.infer<typeof eventSchema>): void {
		switch (event.type) {
			case "message_start": {
				const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = event.message.usage;
				named = event.message.model;
				counts.cachedTokens = cache_read_input_tokens ?? 0;
				counts.promptTokens = (input_tokens ?? 0) + counts.cachedTokens + (cache_creation_input_tokens ?? 0);
				break;
			}
			case "content_block_start":
				call = event.content_block === null ? null : { id: event.content_block.id, name: event.content_block.name, text: "" };
				break;
			case "content_block_delta": {
				const { text, thinking, partial_json } = event.delta;
				hadOutput = true;
				if (text) {
					push({ type: "text", text });
				}
				if (thinking) {
					push({ type: "reasoning", text: thinking });
				}
				if (call !== null) {
					call.text += partial_json ?? "";
				}
				break;
			}
			case "content_block_stop":
				if (call !== null) {
					push({ type: "call", call: { id: call.id, name: call.name, argumentsText: call.text === "" ? "{}" : call.text } });
					call = null;
				}
				break;
			case "message_delta": {
				const { stop_reason } = event.delta;
				reason = stop_reason === "max_tokens" ? "length" : stop_reason === "tool_use" ? "tool_calls" : "stop";
				counts.completionTokens = event.usage?.output_tokens ?? counts.completionTokens;
				break;
			}
			case "message_stop":
				end();
				break;
			case "error":
				finish({ type: "failed", failure: serverFailure({ error: event.error }, null, { hadOutput }) });
				break;
		}
	}

	const parser = createParser({
		onEvent({ data }) {
			const event = eventSchema.safeParse(parseJson(data)).data;
			if (event !== undefined && !isOver) {
				take(event);
			}
		},
	});
	return { feed: (text) => parser.feed(text), end, hadOutput: () => hadOutput };
}

/** Asks by `POST /v1/messages` with server-sent events. */
export async function* askAnthropic(
	connection: AnthropicConnection,
	request: ModelRequest,
	signal: AbortSignal,
): AsyncGenerator<ModelEvent, void> {
	const { way, url, key } = connection;
	const channel = createEventChannel<ModelEvent>();
	const leave = new AbortController();
	const reader = createMessageReader(request.model, channel.push);
	const silence = setTimeout(() => leave.abort(), silenceMs);

	async function run(): Promise<void> {
		const response = await way.fetch(`${url}/v1/messages`, {
			method: "POST",
			headers: { "content-type": "application/json", "x-api-key": key, "anthropic-version": apiVersion },
			body: JSON.stringify(messagesRequestOf(request)),
			signal: AbortSignal.any([signal, leave.signal]),
		});
		if (!response.ok || response.body === null) {
			const body = parseJson(await response.text());
			const wait = retryAfterMs(response.headers.get("retry-after"), Date.now());
			channel.push({ type: "failed", failure: serverFailure(body, response.status, { retryAfterMs: wait }) });
			return;
		}
		for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
			silence.refresh();
			reader.feed(piece);
		}
		reader.end();
	}

	function explain(error: unknown): ModelFailure {
		if (signal.aborted) {
			return cancelledFailure(reader.hadOutput());
		}
		return reader.hadOutput() ? brokenFailure(true) : unreachableFailure(error, url);
	}

	void run()
		.catch((error: unknown) => channel.push({ type: "failed", failure: explain(error) }))
		.finally(channel.end);
	try {
		yield { type: "progress", stage: "connecting", fraction: null, message: `Asking Anthropic (${request.model})` };
		for await (const event of channel.read()) {
			yield event;
			if (event.type === "done" || event.type === "failed") {
				return;
			}
		}
	} finally {
		clearTimeout(silence);
		leave.abort();
	}
}
