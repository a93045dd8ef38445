import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import { createParser } from "eventsource-parser";
import { parseJson } from "../host-error.ts";
import type { DaemonRequest } from "./daemon-request.ts";
import type { StreamEnd } from "./socket-frames.ts";

/** Heartbeats come every 15 s; after three that are missing the connection counts as lost. */
const silenceMs = 45_000;

/** Reads the events of a session by SSE until the stream ends, the signal, or `onEvent` answers `stop`. Never rejects. */
export async function readEventStream(
	request: DaemonRequest,
	sessionId: string,
	after: string,
	onEvent: (event: StreamEvent) => "go on" | "stop",
	signal: AbortSignal,
): Promise<StreamEnd> {
	const silent = new AbortController();
	const response = await request.open(`/v3/sessions/${encodeURIComponent(sessionId)}/stream`, {
		headers: { accept: "text/event-stream", "last-event-id": after },
		signal: AbortSignal.any([signal, silent.signal]),
	});
	if (!response.ok) {
		return { opened: false, problem: signal.aborted ? null : response.error.message };
	}
	let isStopped = false;
	const parser = createParser({
		onEvent: ({ data }) => {
			const event = parseJson(data) as StreamEvent | undefined;
			if (!isStopped && event !== undefined && onEvent(event) === "stop") {
				isStopped = true;
			}
		},
	});
	const decoder = new TextDecoder();
	const reader = response.value.body?.getReader();
	let timer = setTimeout(() => silent.abort(), silenceMs);
	try {
		while (!isStopped) {
			const piece = await reader?.read();
			if (piece === undefined || piece.done) {
				return { opened: true, problem: "The daemon ended the stream." };
			}
			clearTimeout(timer);
			timer = setTimeout(() => silent.abort(), silenceMs);
			parser.feed(decoder.decode(piece.value, { stream: true }));
		}
		return { opened: true, problem: null };
	} catch {
		// The read fails when the connection breaks or is aborted; either ends this stream.
		return { opened: true, problem: signal.aborted ? null : "The connection to the daemon was lost." };
	} finally {
		clearTimeout(timer);
		await reader?.cancel().catch(() => undefined);
	}
}
