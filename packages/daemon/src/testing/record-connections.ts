import { createHook } from "node:async_hooks";
import { writeSync } from "node:fs";

/*
 * Preloaded (`node --import`) into a process whose connections a test wants to know: every attempt of Node itself to look a
 * name up, to connect or to send a datagram is one JSON line on file descriptor 3, whichever module made it.
 */

const kinds = new Set(["TCPCONNECTWRAP", "PIPECONNECTWRAP", "UDPSENDWRAP", "GETADDRINFOREQWRAP", "GETNAMEINFOREQWRAP", "QUERYWRAP"]);

interface Attempt {
	readonly address?: string;
	readonly port?: number;
	readonly hostname?: string;
}

createHook({
	init(_id, type, _trigger, resource) {
		if (kinds.has(type)) {
			// Where it goes is written on the resource right after it was made.
			queueMicrotask(() => {
				const { address, port, hostname } = resource as Attempt;
				writeSync(3, `${JSON.stringify({ type, target: address ?? hostname ?? "", port: port ?? null })}\n`);
			});
		}
	},
}).enable();
