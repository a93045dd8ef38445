import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A model whose tokens say when they were sent, by this process' own clock. */
export interface StampedModel {
	readonly host: string;
	readonly port: number;
	readonly close: () => Promise<void>;
}

/** How a stamp stands in a text: milliseconds of `performance.now()`. */
export const stampPattern = /⟨([\d.]+)⟩/gu;

/** Answers with so many tokens as server-sent events, one every so many milliseconds. */
export async function streamStamped(response: ServerResponse, tokens: number, everyMs: number): Promise<void> {
	const chunk = (delta: object, finish: string | null): string =>
		`data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 0, model: "stamped", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
	response.writeHead(200, { "content-type": "text/event-stream" });
	const begin = performance.now();
	for (let token = 0; token < tokens && !response.destroyed; token++) {
		await delay(Math.max(0, begin + token * everyMs - performance.now()));
		response.write(chunk({ content: `⟨${performance.now().toFixed(3)}⟩` }, null));
	}
	response.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
}

/** Starts it. Each answer has so many tokens, one every so many milliseconds. */
export async function startStampedModel(tokens: number, everyMs: number): Promise<StampedModel> {
	const opta = {
		title: "Stamped",
		state: "ready",
		defaultSystemPrompt: null,
		contextTokens: 8192,
		fileBytes: 1,
		licence: null,
		preset: null,
	};
	const models = { object: "list", data: [{ id: "stamped", object: "model", created: 0, owned_by: "bench", opta }] };
	const server = createServer((request, response) => {
		request.resume();
		if (request.url === "/v1/chat/completions") {
			void streamStamped(response, tokens, everyMs);
		} else {
			response
				.writeHead(200, { "content-type": "application/json" })
				.end(JSON.stringify(request.url === "/v1/models" ? models : { status: "ok" }));
		}
	});
	// Server-sent events are what every model server has.
	server.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		host: "127.0.0.1",
		port: (server.address() as AddressInfo).port,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}
