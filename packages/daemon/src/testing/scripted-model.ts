import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { api, build } from "@opta/contracts/build";
import { errorBody } from "@opta/contracts/error-body";
import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import { chatRequestSchema } from "@opta/contracts/schema/lmx-chat";
import type { ModelList } from "@opta/contracts/schema/lmx-models";
import { streamClientFrameSchema, streamFrameLimitBytes } from "@opta/contracts/schema/lmx-stream";
import { type WebSocket, WebSocketServer } from "ws";
import { titlePromptStart } from "../agent/title-prompt.ts";
import { probeToolName } from "../model/measure-model.ts";
import { playReply, type ReplyWriter, type ScriptStep } from "./scripted-reply.ts";
import { type AnswerFacts, eventWriter, socketWriter } from "./scripted-transports.ts";

/** A request that the scripted model got. */
export interface ScriptedRequest {
	readonly via: "socket" | "sse";
	readonly body: ChatRequest;
	/** The messages and tools in their bytes, as a cache of prompts would see them. */
	readonly prompt: string;
	readonly authorization: string | null;
	/** `complete`, or `gone` when the client cancelled or hung up. */
	readonly ended: Promise<"complete" | "gone">;
}

/** What the server is like. */
export interface ScriptedModelOptions {
	readonly port?: number;
	/** False: the upgrade is refused and clients have to take server-sent events. */
	readonly webSocket?: boolean;
	/** The first is the one of `auto`. */
	readonly models?: readonly string[];
	readonly contextTokens?: number;
	/** How the question by which tool support is measured is answered; it takes no reply of the queue. */
	readonly toolSupport?: "native" | "text" | "none";
	/** Answers what has no reply in the queue; without it such a request fails. */
	readonly otherwise?: (request: ScriptedRequest) => readonly ScriptStep[];
}

/** A model server that says what the test tells it, in LMX's own protocol on a real port. */
export interface ScriptedModel {
	readonly url: string;
	readonly host: string;
	readonly port: number;
	/** Turns' requests so far; questions for titles and measurements are in `asides`. */
	readonly requests: readonly ScriptedRequest[];
	readonly asides: readonly ScriptedRequest[];
	/** Adds a reply to the queue. */
	readonly reply: (...steps: readonly ScriptStep[]) => void;
	/** A reply for the first request that matches, before the queue. */
	readonly replyWhen: (matches: (request: ScriptedRequest) => boolean, ...steps: readonly ScriptStep[]) => void;
	/** The request of that number, from 0, also when it is still to come. */
	readonly request: (index: number) => Promise<ScriptedRequest>;
	/** Pings and questions for its health that it answered. */
	readonly signsOfLife: () => number;
	/** From now on it takes connections and says nothing, also not to `/healthz` and pings: a machine that hangs. */
	readonly freeze: () => void;
	readonly close: () => Promise<void>;
}

const probeReplies: Record<"native" | "text" | "none", readonly ScriptStep[]> = {
	native: [{ call: probeToolName, arguments: { ready: true } }],
	text: [{ text: `<tool_call>\n{"name": "${probeToolName}", "arguments": {"ready": true}}\n</tool_call>` }],
	none: [{ text: "I am ready." }],
};

function textOf(content: unknown): string {
	return typeof content === "string" ? content : JSON.stringify(content ?? "");
}

function sharedLength(left: string, right: string): number {
	let length = 0;
	while (length < left.length && left[length] === right[length]) {
		length++;
	}
	return length;
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
	const { webSocket = true, models = ["scripted"], contextTokens = 8192, toolSupport = "native", otherwise } = options;
	const requests: ScriptedRequest[] = [];
	const asides: ScriptedRequest[] = [];
	const queue: (readonly ScriptStep[])[] = [];
	const matchers: { matches: (request: ScriptedRequest) => boolean; steps: readonly ScriptStep[] }[] = [];
	const prompts: string[] = [];
	const sockets = new Set<Socket>();
	let waiting: { index: number; resolve: (request: ScriptedRequest) => void }[] = [];
	let isFrozen = false;
	let signs = 0;
	let answers = 0;

	function stepsFor(request: ScriptedRequest): readonly ScriptStep[] {
		const { tools, messages } = request.body;
		const isProbe = tools?.some((tool) => tool.type === "function" && tool.function.name === probeToolName) === true;
		const isTitle = textOf(messages[0]?.content).startsWith(titlePromptStart);
		const matched = matchers.findIndex(({ matches }) => matches(request));
		const [own] = matched === -1 ? [] : matchers.splice(matched, 1);
		if (isProbe || isTitle) {
			asides.push(request);
			return own?.steps ?? (isProbe ? probeReplies[toolSupport] : [{ text: "A scripted title" }]);
		}
		requests.push(request);
		waiting = waiting.filter(({ index, resolve }) => {
			const found = requests[index];
			if (found !== undefined) {
				resolve(found);
			}
			return found === undefined;
		});
		const next = own?.steps ?? queue.shift() ?? otherwise?.(request);
		return next ?? [{ fail: "internal", message: "The script has no more replies." }];
	}

	function answer(
		via: ScriptedRequest["via"],
		body: ChatRequest,
		authorization: string | null,
		id: string,
		open: (facts: AnswerFacts, onEnd: () => void) => ReplyWriter,
	): () => void {
		const prompt = JSON.stringify([body.tools ?? [], body.messages]);
		const cached = Math.max(0, ...prompts.map((earlier) => sharedLength(earlier, prompt)));
		prompts.push(prompt);
		prompts.splice(0, prompts.length - 50);
		const ended = Promise.withResolvers<"complete" | "gone">();
		const left = new AbortController();
		const gone = (): void => {
			ended.resolve("gone");
			left.abort();
		};
		const model = body.model === undefined || body.model === "auto" ? (models[0] ?? "scripted") : body.model;
		const facts = { id, model, promptTokens: Math.ceil(prompt.length / 4), cachedTokens: Math.floor(cached / 4) };
		const writer = open(facts, () => ended.resolve("complete"));
		const steps = stepsFor({ via, body, prompt, authorization, ended: ended.promise });
		const known = models.includes(model);
		queueMicrotask(() => void playReply(known ? steps : [{ fail: "model_not_found" }], writer, left.signal));
		return gone;
	}

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
			const gone = answer("sse", body.data, message.headers.authorization ?? null, id, (facts, onEnd) =>
				eventWriter(response, facts, onEnd),
			);
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
				const gone = answer("socket", body, authorization, id, (facts, onEnd) =>
					socketWriter(socket, facts, () => {
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
		requests,
		asides,
		reply: (...steps) => void queue.push(steps),
		replyWhen: (matches, ...steps) => void matchers.push({ matches, steps }),
		request: (index) =>
			new Promise((resolve) => {
				const found = requests[index];
				if (found === undefined) {
					waiting.push({ index, resolve });
				} else {
					resolve(found);
				}
			}),
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
