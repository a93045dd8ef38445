import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the fake server got. */
export interface FakeRequest {
	readonly path: string;
	readonly headers: IncomingMessage["headers"];
	// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent
	readonly body: any;
	/** Settles when the client has hung up. */
	readonly closed: Promise<unknown>;
}

/** How the fake server answers. */
export type FakeAnswer = (response: ServerResponse, request: FakeRequest) => void;

/** A server that speaks the OpenAI API as well or as badly as a test wants. */
export interface FakeOpenAiServer {
	/** Up to and without `/chat/completions`. */
	readonly baseUrl: string;
	readonly requests: FakeRequest[];
	/** How everything but `GET /models` is answered. */
	answer: FakeAnswer;
	/** Names of its models. */
	models: readonly Record<string, unknown>[];
	/** False: also `GET /models` is answered as `answer` says. */
	isHealthy: boolean;
	close(): Promise<void>;
}

/** A chunk of a streamed chat, as an event. */
export function chunk(delta: Record<string, unknown>, finishReason: string | null = null, rest: Record<string, unknown> = {}): string {
	return `data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finishReason }], ...rest })}\n\n`;
}

/** The events at the end of a streamed chat. */
export const streamEnd = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } })}\n\ndata: [DONE]\n\n`;

/** Answers with these events, and ends. */
export function streaming(...events: readonly string[]): FakeAnswer {
	return (response) => {
		response.writeHead(200, { "content-type": "text/event-stream" });
		response.end(events.join(""));
	};
}

/** Answers with JSON. */
export function json(status: number, body: unknown): FakeAnswer {
	return (response) => {
		response.writeHead(status, { "content-type": "application/json" });
		response.end(JSON.stringify(body));
	};
}

/** Starts a fake server on a free port of loopback. */
export async function startFakeOpenAiServer(port = 0): Promise<FakeOpenAiServer> {
	const requests: FakeRequest[] = [];
	const server = createServer(async (message, response) => {
		let text = "";
		for await (const piece of message) {
			text += piece;
		}
		const request: FakeRequest = {
			path: message.url ?? "",
			headers: message.headers,
			body: text === "" ? null : JSON.parse(text),
			closed: once(response, "close"),
		};
		requests.push(request);
		if (request.path === "/v1/models" && fake.isHealthy) {
			json(200, { object: "list", data: fake.models })(response, request);
		} else {
			fake.answer(response, request);
		}
	});
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	const fake: FakeOpenAiServer = {
		baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		requests,
		answer: streaming(chunk({ role: "assistant", content: "Hel" }), chunk({ content: "lo" }), chunk({}, "stop"), streamEnd),
		models: [{ id: "far", object: "model", owned_by: "somebody" }],
		isHealthy: true,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
	return fake;
}
