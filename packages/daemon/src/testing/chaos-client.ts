import { appendFileSync, readFileSync, truncateSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { daemonHeaders } from "@opta/contracts/daemon-protocol";
import { createParser } from "eventsource-parser";

/**
 * A client as a process, to be killed at any moment: `writer` sends numbered messages until all are accepted, `reader` follows
 * the session. Both keep what they know in a file of lines, and go on from it when they are started again.
 */

const [role = "", port = "", stateFile = "", sessionId = "", name = "", file = "", count = "0"] = process.argv.slice(2);
const base = `http://127.0.0.1:${port}/v3/sessions/${sessionId}`;

function headers(more: Record<string, string> = {}): Record<string, string> {
	const { token } = JSON.parse(readFileSync(stateFile, "utf8"));
	return { authorization: `Bearer ${token}`, [daemonHeaders.clientId]: name, [daemonHeaders.clientName]: name, ...more };
}

/** Lines that were written whole; what a kill tore off is cut. */
function knownLines(): string[] {
	const text = readFileSync(file, "utf8");
	const whole = text.slice(0, text.lastIndexOf("\n") + 1);
	truncateSync(file, Buffer.byteLength(whole));
	return whole.split("\n").slice(0, -1);
}

async function write(): Promise<void> {
	for (let index = knownLines().length; index < Number(count); ) {
		try {
			const response = await fetch(`${base}/turns`, {
				method: "POST",
				headers: headers({ "content-type": "application/json", [daemonHeaders.idempotencyKey]: `${name}-${index}` }),
				body: JSON.stringify({ content: `${name} ${index}` }),
			});
			const body = await response.json();
			if (response.status === 202) {
				appendFileSync(file, `${JSON.stringify(body)}\n`);
				index += 1;
			} else if (response.status !== 429 && response.status !== 503 && response.status !== 401) {
				throw new Error(`${response.status} ${JSON.stringify(body)}`, { cause: "final" });
			} else {
				await wait(50);
			}
		} catch (error) {
			if (error instanceof Error && error.cause === "final") {
				throw error;
			}
			await wait(50);
		}
	}
}

async function read(): Promise<void> {
	let last = knownLines()
		.map((line) => JSON.parse(line).id as string)
		.at(-1);
	for (;;) {
		try {
			const response = await fetch(`${base}/stream`, { headers: headers({ accept: "text/event-stream", "last-event-id": last ?? "0" }) });
			const parser = createParser({
				onEvent: ({ id, data, event }) => {
					if (id !== undefined) {
						appendFileSync(file, `${data}\n`);
						last = id;
					} else if (event === "resync.required") {
						appendFileSync(file, `${data}\n`);
					}
				},
			});
			const decoder = new TextDecoder();
			for await (const piece of response.body ?? []) {
				parser.feed(decoder.decode(piece, { stream: true }));
			}
		} catch (error) {
			// The daemon is gone; it will be back.
			process.stderr.write(`${String(error)}\n`);
		}
		await wait(50);
	}
}

await (role === "writer" ? write() : read());
