/** A message of a stream of server-sent events; messages without data are not told. */
export interface ServerEvent {
	/** `message` where the stream names none. */
	readonly event: string;
	readonly data: string;
}

/** A line or a message that is longer than this is not one of a chat. In UTF-16 units. */
const maxChars = 4 * 1024 * 1024;

/**
 * Reads server-sent events (WHATWG HTML, 9.2.6) from text that comes in pieces, cut anywhere. Ids and reconnection
 * times are not read: an answer cannot go on in another connection. Throws when a message is too long.
 */
export class SseParser {
	#rest = "";
	#event = "";
	#data: string[] = [];
	#dataChars = 0;
	#isFirst = true;
	#lastWasReturn = false;

	/** The messages that this piece completes. */
	push(piece: string): ServerEvent[] {
		let text = piece;
		if (text === "") {
			return [];
		}
		if (this.#isFirst) {
			this.#isFirst = false;
			text = text.replace(/^\uFEFF/, "");
		}
		if (this.#lastWasReturn && text.startsWith("\n")) {
			text = text.slice(1);
		}
		this.#lastWasReturn = piece.endsWith("\r");
		const lines = (this.#rest + text).split(/\r\n|\n|\r/);
		this.#rest = lines.pop() ?? "";
		if (this.#rest.length + this.#dataChars > maxChars) {
			throw new Error("A message of the stream is too long.");
		}
		return lines.flatMap((line) => this.#readLine(line) ?? []);
	}

	#readLine(line: string): ServerEvent | null {
		if (line === "") {
			const event = this.#event === "" ? "message" : this.#event;
			const complete = this.#data.length === 0 ? null : { event, data: this.#data.join("\n") };
			this.#event = "";
			this.#data = [];
			this.#dataChars = 0;
			return complete;
		}
		const colon = line.indexOf(":");
		const field = colon < 0 ? line : line.slice(0, colon);
		const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
		if (field === "data") {
			this.#data.push(value);
			this.#dataChars += value.length + 1;
		} else if (field === "event") {
			this.#event = value;
		}
		return null;
	}
}
