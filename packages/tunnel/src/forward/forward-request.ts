import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { DoorMethod } from "@opta/contracts/door-routes";
import type { ErrorCode } from "@opta/contracts/error-codes";
import { errors } from "undici";
import { cutStalledReader, StalledReaderError } from "./cut-stalled-reader.ts";
import { BodyTooLargeError, limitedBody } from "./limited-body.ts";
import { clientHeaders } from "./response-headers.ts";
import type { Target } from "./target.ts";

/** A request that the door admitted. */
export interface ForwardedRequest {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly method: DoorMethod;
	/** Path and query, as the target is asked for them. */
	readonly path: string;
	/** Headers for the target. */
	readonly headers: Readonly<Record<string, string>>;
	readonly requestId: string;
	readonly maxBodyBytes: number;
	readonly readerStallMs: number;
}

/** How forwarding ended. `failed` has an answer for the client unless part of one was sent already. */
export type ForwardOutcome =
	| { readonly state: "done" }
	| { readonly state: "clientLeft" }
	| { readonly state: "failed"; readonly code: ErrorCode; readonly message: string; readonly reason: string };

function describeFailure(error: unknown, { title, unreachable }: Target): ForwardOutcome {
	const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	if (error instanceof BodyTooLargeError) {
		return { state: "failed", code: "payload_too_large", message: error.message, reason };
	}
	if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
		const message = `${title} took too long to answer. Try again, with a shorter request if you can.`;
		return { state: "failed", code: "timeout", message, reason };
	}
	return { state: "failed", ...unreachable, reason };
}

/**
 * Sends a request on and streams both bodies through, each as fast as its reader takes it. When the client leaves,
 * the target's connection is cut at once; when the target breaks off in the middle, so is the client's, so that a
 * part is never taken for the whole.
 */
export async function forwardRequest(target: Target, forwarded: ForwardedRequest): Promise<ForwardOutcome> {
	const { request, response, requestId } = forwarded;
	const clientGone = new AbortController();
	let targetBroke = false;
	const noteLeave = (): void => {
		if (!response.writableFinished) {
			clientGone.abort();
		}
	};
	response.once("close", noteLeave);
	cutStalledReader(response, forwarded.readerStallMs);
	try {
		const answer = await target.dispatcher.request({
			method: forwarded.method,
			path: forwarded.path,
			headers: forwarded.headers,
			body: forwarded.method === "GET" || forwarded.method === "DELETE" ? null : limitedBody(request, forwarded.maxBodyBytes),
			signal: clientGone.signal,
		});
		answer.body.once("error", () => {
			targetBroke = !clientGone.signal.aborted;
		});
		response.writeHead(answer.statusCode, clientHeaders(answer.headers, requestId));
		response.flushHeaders();
		await pipeline(answer.body, response);
		return { state: "done" };
	} catch (error) {
		const clientLeft = clientGone.signal.aborted || request.errored !== null || error instanceof StalledReaderError;
		return clientLeft && !targetBroke ? { state: "clientLeft" } : describeFailure(error, target);
	} finally {
		response.off("close", noteLeave);
	}
}
