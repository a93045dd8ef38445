import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { stampPattern } from "../stamped-model.ts";

/** Where a stream of stamped tokens is asked for. */
export interface StreamSource {
	readonly url: string;
	readonly method: "GET" | "POST";
	readonly headers: Readonly<Record<string, string>>;
}

/** How a stream arrived. */
export interface ReadStream {
	/** From each token's stamp to its arrival. */
	readonly delaysMs: readonly number[];
	/** From the first token's stamp to the last one's arrival. */
	readonly durationMs: number;
}

/** Reads one stream to its end, on a connection of its own. */
export async function readStream({ url, method, headers }: StreamSource): Promise<ReadStream> {
	const asked = request(url, { method, headers, agent: false });
	asked.end();
	const [answer] = (await once(asked, "response")) as [IncomingMessage];
	if (answer.statusCode !== 200) {
		throw new Error(`${url} answered ${answer.statusCode}`);
	}
	const delaysMs: number[] = [];
	let firstStamp = Number.NaN;
	let lastArrivalMs = 0;
	let rest = "";
	for await (const chunk of answer.setEncoding("utf8")) {
		lastArrivalMs = performance.now();
		rest += chunk;
		const end = rest.lastIndexOf("\n\n") + 1;
		for (const [, stamp] of rest.slice(0, end).matchAll(stampPattern)) {
			delaysMs.push(lastArrivalMs - Number(stamp));
			firstStamp = Number.isNaN(firstStamp) ? Number(stamp) : firstStamp;
		}
		rest = rest.slice(end);
	}
	return { delaysMs, durationMs: lastArrivalMs - firstStamp };
}
