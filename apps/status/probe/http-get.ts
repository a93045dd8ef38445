import { Agent, request } from "undici";
import type { ProbeRequest } from "./targets.ts";

/** What came back: the status, and the beginning of the body where it matters. */
export interface HttpAnswer {
	readonly status: number;
	readonly body: string;
	/** Time until the headers were there. */
	readonly latencyMs: number;
}

/** Sends one GET. Rejects when there is no answer or the signal says stop. */
export type HttpGet = (probe: ProbeRequest, signal: AbortSignal) => Promise<HttpAnswer>;

const bodyLimitBytes = 16_384;

/** Without keep-alive: a check has to show that new connections are taken. */
const dispatcher = new Agent({ pipelining: 0 });

async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of body) {
		chunks.push(chunk);
		bytes += chunk.byteLength;
		if (bytes >= bodyLimitBytes) {
			break;
		}
	}
	return Buffer.concat(chunks).subarray(0, bodyLimitBytes).toString("utf8");
}

/** Asks over the network, on a connection of its own; redirects are answers like any other. */
export const httpGet: HttpGet = async (probe, signal) => {
	const startedMs = performance.now();
	const response = await request(probe.url, { method: "GET", headers: probe.headers, signal, dispatcher });
	const latencyMs = Math.round(performance.now() - startedMs);
	if (probe.expects === "page") {
		await response.body.dump({ limit: bodyLimitBytes, signal });
		return { status: response.statusCode, body: "", latencyMs };
	}
	return { status: response.statusCode, body: await readStart(response.body), latencyMs };
};
