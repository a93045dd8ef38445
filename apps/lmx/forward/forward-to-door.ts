import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { DoorMethod } from "@opta/contracts/door-routes";
import { errors, Pool } from "undici";
import type { DeviceSpeaker } from "./device-speaker.ts";
import { type AnswerType, answerTypeOf, browserResponseHeaders, doorRequestHeaders } from "./door-headers.ts";
import type { DoorUrl } from "./door-url.ts";
import { errorResponse } from "./error-response.ts";
import { gatherStream } from "./gather-stream.ts";
import { BodyTooLargeError, limitedBody } from "./limited-body.ts";
import { lookupPublic } from "./lookup-public.ts";
import type { DoorPasses } from "./passes-for.ts";

/** A request that was allowed and goes to a host's door. */
export interface DoorRequest {
	readonly doorUrl: DoorUrl;
	/** Whether a name may lead to an address that is not of the internet. */
	readonly allowsPrivate: boolean;
	readonly passes: DoorPasses;
	readonly speaker: Pick<DeviceSpeaker, "prove">;
	readonly method: DoorMethod;
	/** With its query, as the browser sent it. */
	readonly path: string;
	readonly headers: Headers;
	readonly body: ReadableStream<Uint8Array> | null;
	/** Aborts when the browser leaves; the door's connection is then cut, which stops the model. */
	readonly signal: AbortSignal;
}

const maxBodyBytes = 4 * 1024 * 1024;
const connectTimeoutMs = 5_000;
/** A question can wait in the host's queue for this long before its answer begins. */
const answerStartTimeoutMs = 300_000;
/** Longest silence in the middle of an answer. */
const silenceTimeoutMs = 120_000;
/** Of a read: longest time to its end; of an event stream, to its beginning. */
const readTimeoutMs = 15_000;
/** Longest life of an answer that is written while it is read; a reader of events comes back with its `Last-Event-ID`. */
const answerTimeoutMs = 30 * 60_000;
const gatherTokensMs = 80;
/** Events of a session are shown to people who look at the same session elsewhere, so they wait for little. */
const gatherEventsMs = 15;
const mostPools = 64;
/** Each follower of a session holds a connection. */
const connectionsPerDoor = 512;

const pools = new Map<string, Pool>();

/** The pool of a door; the least recently used one is closed when there are too many. */
function poolOf(doorUrl: DoorUrl, allowsPrivate: boolean): Pool {
	const key = `${allowsPrivate} ${doorUrl}`;
	const pool =
		pools.get(key) ??
		new Pool(doorUrl, {
			connections: connectionsPerDoor,
			connect: { timeout: connectTimeoutMs, ...(allowsPrivate ? {} : { lookup: lookupPublic }) },
			headersTimeout: answerStartTimeoutMs,
			bodyTimeout: silenceTimeoutMs,
		});
	pools.delete(key);
	pools.set(key, pool);
	const [oldest] = pools;
	if (pools.size > mostPools && oldest !== undefined) {
		pools.delete(oldest[0]);
		oldest[1].close();
	}
	return pool;
}

function unreachable(): Response {
	return errorResponse(
		"host_unreachable",
		"The host does not answer. Check that it is switched on and connected and that native-host runs there, then try again.",
	);
}

function failure(error: unknown): Response {
	if (error instanceof BodyTooLargeError) {
		return errorResponse("payload_too_large", error.message);
	}
	const timedOut =
		error instanceof errors.HeadersTimeoutError ||
		error instanceof errors.BodyTimeoutError ||
		(error instanceof DOMException && error.name === "TimeoutError");
	return timedOut ? errorResponse("timeout", "The host took too long to answer. Try again when it has less to do.") : unreachable();
}

/** The kind of a door's answer; null for what is none: a tunnel whose host is gone answers with pages and redirects of its own. */
function typeOfAnswer(status: number, contentType: string | string[] | undefined): AnswerType | null {
	return status < 300 || status >= 400 ? answerTypeOf(contentType) : null;
}

/** A time limit that can be changed while it runs. */
function startLimit(timeoutMs: number): { readonly signal: AbortSignal; readonly setTo: (timeoutMs: number) => void } {
	const limit = new AbortController();
	const end = (): void => limit.abort(new DOMException("The time is over.", "TimeoutError"));
	let timer = setTimeout(end, timeoutMs).unref();
	return {
		signal: limit.signal,
		setTo(nextMs) {
			clearTimeout(timer);
			timer = setTimeout(end, nextMs).unref();
		},
	};
}

/** Headers and body as they go to the door. What a device gets is proved, so its body is read whole first. */
async function sealed({
	passes,
	speaker,
	method,
	path,
	headers,
	body,
}: DoorRequest): Promise<{ readonly headers: Record<string, string>; readonly body: Readable | Uint8Array | null }> {
	const { host, device } = passes;
	const sent = method === "GET" || body === null ? null : Readable.from(limitedBody(body, maxBodyBytes), { objectMode: false });
	if (device === null) {
		return { headers: doorRequestHeaders(headers, host, null), body: sent };
	}
	const whole = sent === null ? null : await buffer(sent);
	const proof = await speaker.prove({ ...device, method, path }, whole ?? new Uint8Array());
	return { headers: doorRequestHeaders(headers, host, { pass: device.pass, proof }), body: whole };
}

/** Forwards a request to a door and streams the answer back; every failure is a response with an error body. */
export async function forwardToDoor(request: DoorRequest): Promise<Response> {
	const { doorUrl, allowsPrivate, passes, method, path, signal } = request;
	const limit = startLimit(method === "GET" ? readTimeoutMs : answerTimeoutMs);
	try {
		const answer = await poolOf(doorUrl, allowsPrivate).request({
			method,
			path,
			...(await sealed(request)),
			signal: AbortSignal.any([signal, limit.signal]),
		});
		if (answer.statusCode === 204) {
			await answer.body.dump();
			return new Response(null, { status: 204, headers: browserResponseHeaders(answer.headers, null) });
		}
		const type = typeOfAnswer(answer.statusCode, answer.headers["content-type"]);
		if (type === null) {
			await answer.body.dump({ limit: 64 * 1024 });
			return unreachable();
		}
		const isStream = type === "text/event-stream";
		if (isStream) {
			limit.setTo(answerTimeoutMs);
		}
		const gatherMs = passes.device === null ? gatherTokensMs : gatherEventsMs;
		return new Response(gatherStream(answer.body, isStream ? gatherMs : 0), {
			status: answer.statusCode,
			headers: browserResponseHeaders(answer.headers, type),
		});
	} catch (error) {
		return failure(error);
	}
}
