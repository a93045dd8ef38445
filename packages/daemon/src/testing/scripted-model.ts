import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { api, build } from "@opta/contracts/build";
import { errorBody } from "@opta/contracts/error-body";
import { chatRequestSchema } from "@opta/contracts/schema/lmx-chat";
import type { ModelList } from "@opta/contracts/schema/lmx-models";
import { streamClientFrameSchema, streamFrameLimitBytes } from "@opta/contracts/schema/lmx-stream";
import { type WebSocket, WebSocketServer } from "ws";
import { createScriptedQueue, type ScriptedQueue, type ScriptedRequest } from "./scripted-queue.ts";
import type { ScriptStep } from "./scripted-reply.ts";
import { eventWriter, socketWriter } from "./scripted-transports.ts";

/** What the server is like. */
export interface ScriptedModelOptions {
	readonly port?: number;
	/** False: the upgrade is refused and clients have to take server-sent events. */
	readonly webSocket?: boolean;
	/** The first is the one of `auto`. */
	readonly models?: readonly string[];
	/** Wide enough for all tools where nothing is said. */
	readonly contextTokens?: number;
	/** How the question by which tool support is measured is answered; it takes no reply of the queue. */
	readonly toolSupport?: "native" | "text" | "none";
	/** Answers what has no reply in the queue; without it such a request fails. */
	readonly otherwise?: (request: ScriptedRequest) => readonly ScriptStep[];
}

/** A model server that says what the test tells it, in LMX's own protocol on a real port. */
export interface ScriptedModel extends Omit<ScriptedQueue, "answer"> {
	readonly url: string;
	readonly host: string;
	readonly port: number;
	/** Pings and questions for its health that it answered. */
	readonly signsOfLife: () => number;
	/** From now on it takes connections and says nothing, also not to `/healthz` and pings: a machine that hangs. */
	readonly freeze: () => void;
	readonly close: () => Promise<void>;
}

async function readJson(message: IncomingMessage): Promise<unknown> {
	let text = "";
	for await (const piece of message) {
		text += piece;
	}
	return JSON.parse(text);
}

/** Starts a scripted model on a free port of loopback. */
export async function startScriptedModel(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
	const { webSocket = true, models = ["scripted"], contextTokens = 131_072, toolSupport = "native", otherwise } = options;
	const script = createScriptedQueue({ models, toolSupport, otherwise });
	const sockets = new Set<Socket>();
	let isFrozen = false;
	let signs = 0;
	let answers = 0;

	function list(): ModelList {
		const opta = {
			title: "Scripted",
			state: "ready" as const,
			defaultSystemPrompt: null,
			contextTokens,
			fileBytes: 1,
			licence: null,
			preset: null,
		};
		return { object: "list", data: models.map((id) => ({ id, object: "model" as const, created: 0, owned_by: "opta-local", opta })) };
	}

	async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
		const json = (status: number, body: unknown): void => {
			response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
		};
		if (isFrozen) {
			return;
		}
		if (message.url === "/healthz" || message.url === "/readyz") {
			signs++;
			json(200, { status: "ok", build, api });
		} else if (message.url === "/v1/models") {
			json(200, list());
		} else if (message.url === "/v1/chat/completions" && message.method === "POST") {
			const body = chatRequestSchema.safeParse(await readJson(message));
			if (!body.success) {
				json(400, errorBody("invalid_request", body.error.message));
				return;
			}
			const id = `chatcmpl-${answers++}`;
			const incoming = { via: "sse" as const, body: body.data, authorization: message.headers.authorization ?? null };
			const gone = script.answer(incoming, (facts, onEnd) => eventWriter(response, id, facts, onEnd));
			response.once("close", gone);
		} else {
			json(404, errorBody("not_found", "There is nothing here."));
		}
	}

	function talk(socket: WebSocket, authorization: string | null): void {
		const open = new Map<string, () => void>();
		socket.on("message", (data) => {
			if (isFrozen) {
				return;
			}
			const frame = streamClientFrameSchema.safeParse(JSON.parse(data.toString()));
			if (!frame.success) {
				socket.send(JSON.stringify({ type: "error", id: null, ...errorBody("invalid_request", frame.error.message) }));
			} else if (frame.data.type === "ping") {
				signs++;
				socket.send(JSON.stringify({ type: "pong" }));
			} else if (frame.data.type === "cancel") {
				const { id } = frame.data;
				if (open.has(id)) {
					open.get(id)?.();
					open.delete(id);
					socket.send(JSON.stringify({ type: "error", id, ...errorBody("cancelled", "The chat was cancelled.") }));
				}
			} else {
				const { type: _type, id = `chat-${answers++}`, priority: _priority, ...body } = frame.data;
				const gone = script.answer({ via: "socket", body, authorization }, (facts, onEnd) =>
					socketWriter(socket, id, facts, () => {
						open.delete(id);
						onEnd();
					}),
				);
				open.set(id, gone);
			}
		});
		// Told by its close too, which is what counts.
		socket.on("error", () => undefined);
		socket.on("close", () => {
			for (const gone of open.values()) {
				gone();
			}
		});
	}

	const server = createServer((message, response) => void serve(message, response));
	server.on("connection", (socket) => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
	});
	const upgrades = new WebSocketServer({ noServer: true, maxPayload: streamFrameLimitBytes });
	server.on("upgrade", (message, socket, head) => {
		if (isFrozen) {
			return;
		}
		if (!webSocket || message.url !== "/v1/chat/stream") {
			socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
			return;
		}
		upgrades.handleUpgrade(message, socket, head, (client) => talk(client, message.headers.authorization ?? null));
	});
	server.listen(options.port ?? 0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;

	return {
		url: `http://127.0.0.1:${port}`,
		host: "127.0.0.1",
		port,
		requests: script.requests,
		asides: script.asides,
		reply: script.reply,
		replyWhen: script.replyWhen,
		request: script.request,
		signsOfLife: () => signs,
		freeze: () => {
			isFrozen = true;
		},
		async close() {
			for (const socket of sockets) {
				socket.destroy();
			}
			if (server.listening) {
				server.close();
				await once(server, "close");
			}
		},
	};
}
