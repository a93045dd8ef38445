import { TextDecoderStream } from "node:stream/web";
import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import { parseJson } from "@opta/host-client/host-error";
import { createParser } from "eventsource-parser";
import type { Response } from "undici";
import { z } from "zod";
import { createEventChannel } from "./event-channel.ts";
import { connectionHeaders, isAlive, type LmxConnection, readingPrompt, watchMisses } from "./lmx-connection.ts";
import { brokenFailure, cancelledFailure, retryAfterMs, serverFailure, unreachableFailure } from "./model-failure.ts";
import type { ModelEvent, ModelFailure, ModelSpeed, ModelUsage } from "./model-source.ts";
import {
	createAnswerReader,
	deltaSchema,
	finishOf,
	promptProgressSchema,
	speedOf,
	timingsSchema,
	usageOf,
	usageSchema,
} from "./read-answer.ts";
import { watchServer } from "./watch-server.ts";

/** A chunk of a streamed chat completion, as far as it is read. */
const chunkSchema = z.object({
	model: z.string().nullish(),
	choices: z.array(z.object({ delta: deltaSchema.nullish(), finish_reason: z.string().nullish() })).nullish(),
	usage: usageSchema.nullish(),
	timings: timingsSchema.nullish(),
	prompt_progress: promptProgressSchema.nullish(),
	error: z.unknown().optional(),
});

/** Turns the events of one answer into ours; a pure reader, fed with text however it was cut. */
function createChunkReader(
	model: string,
	push: (event: ModelEvent) => void,
): { feed: (text: string) => void; end: () => void; hadOutput: () => boolean } {
	const answer = createAnswerReader();
	let reason: string | null = null;
	let usage: ModelUsage = usageOf(null);
	let speed: ModelSpeed = speedOf(null);
	let named = model;
	let isOver = false;

	function finish(event: ModelEvent): void {
		if (!isOver) {
			isOver = true;
			answer.end().forEach(push);
			push(event);
		}
	}

	function end(): void {
		finish(
			reason === null
				? { type: "failed", failure: brokenFailure(answer.hadOutput()) }
				: { type: "done", model: named, reason: finishOf(reason), usage, speed },
		);
	}

	const parser = createParser({
		onEvent({ data }) {
			if (isOver) {
				return;
			}
			if (data === "[DONE]") {
				end();
				return;
			}
			const chunk = chunkSchema.safeParse(parseJson(data)).data;
			if (chunk === undefined) {
				return;
			}
			if (chunk.error !== undefined && chunk.error !== null) {
				finish({ type: "failed", failure: serverFailure({ error: chunk.error }, null, { hadOutput: answer.hadOutput() }) });
				return;
			}
			const choice = chunk.choices?.[0];
			named = chunk.model ?? named;
			reason = choice?.finish_reason ?? reason;
			usage = chunk.usage == null ? usage : usageOf(chunk.usage);
			speed = chunk.timings == null ? speed : speedOf(chunk.timings);
			if (chunk.prompt_progress != null) {
				push(readingPrompt(null, chunk.prompt_progress));
			}
			answer.push(choice?.delta ?? {}).forEach(push);
		},
	});
	return { feed: (text) => parser.feed(text), end, hadOutput: answer.hadOutput };
}

async function readRefusal(response: Response): Promise<ModelFailure> {
	const body = parseJson(await response.text().catch(() => ""));
	return serverFailure(body, response.status, { retryAfterMs: retryAfterMs(response.headers.get("retry-after"), Date.now()) });
}

/** Asks by `POST /v1/chat/completions` with server-sent events. */
export async function* askOverEvents(connection: LmxConnection, body: ChatRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void> {
	const channel = createEventChannel<ModelEvent>();
	const leave = new AbortController();
	const reader = createChunkReader(body.model ?? "auto", channel.push);
	let died = false;
	const watch = watchServer({
		everyMs: connection.watchMs,
		misses: watchMisses,
		check: (checkSignal) => isAlive(connection, checkSignal),
		onDead: () => {
			died = true;
			leave.abort();
		},
	});

	async function run(): Promise<void> {
		const response = await connection.way.fetch(`${connection.url}/v1/chat/completions`, {
			method: "POST",
			headers: { ...connectionHeaders(connection), "content-type": "application/json", accept: "text/event-stream" },
			body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
			signal: AbortSignal.any([signal, leave.signal]),
		});
		if (!response.ok || response.body === null) {
			channel.push({ type: "failed", failure: await readRefusal(response) });
			return;
		}
		channel.push(readingPrompt(null, null));
		for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
			watch.heard();
			reader.feed(piece);
		}
		reader.end();
	}

	function explain(error: unknown): ModelFailure {
		if (signal.aborted) {
			return cancelledFailure(reader.hadOutput());
		}
		const isSilent = died && !reader.hadOutput();
		if (died || reader.hadOutput()) {
			return brokenFailure(reader.hadOutput(), isSilent ? "The model server does not answer any more." : undefined);
		}
		return unreachableFailure(error, connection.url);
	}

	void run()
		.catch((error: unknown) => channel.push({ type: "failed", failure: explain(error) }))
		.finally(channel.end);
	try {
		for await (const event of channel.read()) {
			yield event;
			if (event.type === "done" || event.type === "failed") {
				return;
			}
		}
	} finally {
		watch.stop();
		leave.abort();
	}
}
