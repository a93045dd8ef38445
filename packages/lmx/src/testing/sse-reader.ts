/** A message of a stream of server-sent events; `data` is the parsed JSON. */
export interface SseMessage {
	readonly id: string | null;
	readonly data: unknown;
}

/** Reads a stream of server-sent events message by message, for tests. */
export class SseReader {
	readonly contentType: string | null;
	readonly #reader: ReadableStreamDefaultReader<string>;
	#text = "";

	constructor(response: Response) {
		this.contentType = response.headers.get("content-type");
		this.#reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
	}

	/** Waits for the next message; throws when the stream ends. */
	async next(): Promise<SseMessage> {
		for (;;) {
			const end = this.#text.indexOf("\n\n");
			if (end < 0) {
				const { done, value } = await this.#reader.read();
				if (done) {
					throw new Error("The stream has ended.");
				}
				this.#text += value;
				continue;
			}
			const lines = this.#text.slice(0, end).split("\n");
			this.#text = this.#text.slice(end + 2);
			const field = (name: string): string | undefined => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
			const data = field("data");
			if (data !== undefined) {
				return { id: field("id") ?? null, data: JSON.parse(data) };
			}
		}
	}

	/** Hangs up. */
	async close(): Promise<void> {
		await this.#reader.cancel();
	}
}
