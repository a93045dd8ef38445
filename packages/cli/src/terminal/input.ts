import { text } from "node:stream/consumers";

/** Standard input. */
export interface Input {
	readonly isTerminal: boolean;
	/** Everything until its end. Never call it on a terminal: it would wait for Ctrl-D. */
	readAll(): Promise<string>;
	/** The stream itself, for protocols over stdio and for questions. */
	readonly stream: NodeJS.ReadableStream;
}

/** Input of a stream. */
export function createInput(stream: NodeJS.ReadableStream & { readonly isTTY?: boolean }): Input {
	return { isTerminal: stream.isTTY === true, readAll: () => text(stream), stream };
}
