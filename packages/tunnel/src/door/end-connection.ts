import type { Duplex } from "node:stream";

/** Who was told the last word has this long to close its side. */
const lingerMs = 1000;

/**
 * Says the last word on a connection that Node's server does not look after any more, and lets go of it. What still comes is
 * read and dropped, so that the answer is not lost to a reset; who does not hang up is cut, since nobody else would do it.
 */
export function endConnection(connection: Duplex, lastWord: string | Buffer): void {
	const cut = setTimeout(() => connection.destroy(), lingerMs).unref();
	connection.once("close", () => clearTimeout(cut));
	connection.end(lastWord);
	connection.resume();
}
