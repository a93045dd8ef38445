import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** The body went over the limit. */
export class BodyTooLargeError extends Error {
	override readonly name = "BodyTooLargeError";
}

async function* pieces(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
	let bytes = 0;
	for await (const chunk of request.iterator({ destroyOnReturn: false })) {
		bytes += chunk.length;
		if (bytes > maxBytes) {
			throw new BodyTooLargeError(`The request body is larger than the limit of ${maxBytes} bytes. Send less.`);
		}
		yield chunk;
	}
}

/** The body of a request, handed on piece by piece as fast as it is taken; fails with `BodyTooLargeError` at the first byte over the limit. */
export function limitedBody(request: IncomingMessage, maxBytes: number): Readable {
	return Readable.from(pieces(request, maxBytes), { objectMode: false });
}
