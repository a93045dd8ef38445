import type { IncomingMessage, ServerResponse } from "node:http";
import { errorBody } from "@opta/contracts/error-body";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";

/** Answers with an error. A body that was not read is not waited for: the connection ends instead. */
export function sendError(request: IncomingMessage, response: ServerResponse, requestId: string, code: ErrorCode, message: string): void {
	const body = JSON.stringify(errorBody(code, message));
	response.writeHead(errorStatus[code], {
		"content-type": "application/json",
		"content-length": Buffer.byteLength(body),
		"cache-control": "private, no-store",
		"x-content-type-options": "nosniff",
		"x-request-id": requestId,
		...(errorStatus[code] === 401 ? { "www-authenticate": "Bearer" } : {}),
		...(request.complete ? {} : { connection: "close" }),
	});
	response.end(body);
}

/** The whole answer, as bytes, to a request that could not even be parsed. */
export function malformedRequestAnswer(): string {
	const body = JSON.stringify(errorBody("invalid_request", "This is not an HTTP request that the door understands."));
	const head = [
		"HTTP/1.1 400 Bad Request",
		"content-type: application/json",
		`content-length: ${Buffer.byteLength(body)}`,
		"connection: close",
	];
	return `${head.join("\r\n")}\r\n\r\n${body}`;
}
