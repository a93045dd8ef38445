/** The body of a request went over the limit. */
export class BodyTooLargeError extends Error {
	override readonly name = "BodyTooLargeError";
}

/** Hands a body on piece by piece. @throws {BodyTooLargeError} at the first byte over the limit. */
export async function* limitedBody(body: ReadableStream<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
	let bytes = 0;
	for await (const piece of body) {
		bytes += piece.length;
		if (bytes > maxBytes) {
			throw new BodyTooLargeError(`The request is larger than ${maxBytes} bytes. Send less text.`);
		}
		yield piece;
	}
}
