import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { errorBody } from "@opta/contracts/error-body";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";
import { responseHead } from "../forward/response-head.ts";
import { endConnection } from "./end-connection.ts";

/** An error as a client is told it. */
export interface SentError {
	readonly code: ErrorCode;
	readonly message: string;
	readonly details?: Readonly<Record<string, unknown>>;
}

/** How soon a client may try again where waiting helps. */
const retryAfterSeconds = 5;

function answerOf({ code, message, details }: SentError, requestId: string): { headers: Record<string, string>; body: string } {
	const body = JSON.stringify(errorBody(code, message, details === undefined ? {} : { details: { ...details } }));
	const headers = {
		"content-type": "application/json",
		"content-length": String(Buffer.byteLength(body)),
		"cache-control": "private, no-store",
		"x-content-type-options": "nosniff",
		"x-request-id": requestId,
		...(errorStatus[code] === 401 ? { "www-authenticate": "Bearer" } : {}),
		...(errorStatus[code] === 503 || errorStatus[code] === 429 ? { "retry-after": String(retryAfterSeconds) } : {}),
	};
	return { headers, body };
}

/** Answers with an error. A body that was not read is not waited for: the connection ends instead. */
export function sendError(request: IncomingMessage, response: ServerResponse, requestId: string, error: SentError): void {
	const { headers, body } = answerOf(error, requestId);
	response.writeHead(errorStatus[error.code], { ...headers, ...(request.complete ? {} : { connection: "close" }) });
	response.end(body);
}

/** Answers the opening of a WebSocket with an error, and ends the connection. */
export function refuseUpgrade(socket: Duplex, requestId: string, error: SentError): void {
	const { headers, body } = answerOf(error, requestId);
	endConnection(socket, responseHead(errorStatus[error.code], "Refused", { ...headers, connection: "close" }) + body);
}

/** Answers a connection whose request could not even be parsed (`clientError` of a server), and ends it. */
export function refuseMalformed(_error: Error, socket: Duplex): void {
	if (!socket.writable) {
		socket.destroy();
		return;
	}
	const body = JSON.stringify(errorBody("invalid_request", "This is not an HTTP request that the door understands."));
	const length = String(Buffer.byteLength(body));
	socket.end(
		responseHead(400, "Bad Request", { "content-type": "application/json", "content-length": length, connection: "close" }) + body,
	);
}
