import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { api, build } from "@opta/contracts/build";
import { errorBody } from "@opta/contracts/error-body";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";
import { refusal } from "../http/loopback-host.ts";
import { checkViolation } from "./check-violation.ts";
import { createOneAtATime } from "./one-at-a-time.ts";

const bodyLimitBytes = 2 * 1024 * 1024;
const queueLimit = 256;
const servedPaths = ["/auth/v1/", "/rest/v1/"] as const;

/** What answers the API's requests, one at a time. */
export interface ApiBackend {
	/** Answers a request of `/auth/v1` or `/rest/v1`. */
	fetch(request: Request, peerAddress: string | null): Promise<Response>;
	/** Rejects when the database does not answer. */
	ping(): Promise<void>;
}

/** The API's server. */
export interface ApiServer {
	readonly server: Server;
	/** Until it is called, requests get 503 with `Retry-After`. */
	open(backend: ApiBackend): void;
	/** Resolves when every accepted request has its answer. */
	idle(): Promise<void>;
}

function sendError(response: ServerResponse, code: ErrorCode, message: string): void {
	response.writeHead(errorStatus[code], {
		"content-type": "application/json",
		"cache-control": "no-store",
		...(errorStatus[code] === 503 ? { "retry-after": "1" } : {}),
	});
	response.end(JSON.stringify(errorBody(code, message)));
}

async function readBody(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | null> {
	const chunks: Buffer[] = [];
	let sizeBytes = 0;
	for await (const chunk of request) {
		if (!Buffer.isBuffer(chunk)) {
			continue;
		}
		sizeBytes += chunk.length;
		if (sizeBytes > bodyLimitBytes) {
			return null;
		}
		chunks.push(chunk);
	}
	return new Uint8Array(Buffer.concat(chunks));
}

function toRequest(incoming: IncomingMessage, target: string, body: Uint8Array<ArrayBuffer>): Request {
	const headers = new Headers();
	for (const [name, value] of Object.entries(incoming.headers)) {
		for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value]) {
			headers.append(name, one);
		}
	}
	const method = incoming.method ?? "GET";
	const init: RequestInit = { method, headers };
	if (method !== "GET" && method !== "HEAD" && body.length > 0) {
		init.body = body;
	}
	return new Request(new URL(target, `http://127.0.0.1:${incoming.socket.localPort}`), init);
}

interface Answer {
	readonly status: number;
	readonly headers: [string, string][];
	readonly body: string;
}

async function answer(backend: ApiBackend, request: Request, peerAddress: string | null): Promise<Answer> {
	const response = await backend.fetch(request, peerAddress);
	const body = await response.text();
	const refused = checkViolation(response.status, body);
	return {
		status: refused?.status ?? response.status,
		headers: [...response.headers].filter(([name]) => name !== "content-length"),
		body: refused?.body ?? body,
	};
}

/**
 * The HTTP server in front of lite, not yet listening: its Host check, `GET /healthz`, and lite's `/auth/v1` and `/rest/v1`
 * without the rest of it. Requests reach lite strictly one at a time: on PGlite all its transactions share one connection
 * without a lock, so that requests which overlap can run as each other's person.
 */
export function createApiServer(): ApiServer {
	const queue = createOneAtATime(queueLimit);
	let backend: ApiBackend | null = null;

	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const refused = refusal(request);
		if (refused !== null) {
			return sendError(response, "forbidden", refused);
		}
		if (request.headers.origin !== undefined) {
			return sendError(response, "foreign_origin", "Browsers do not talk to this API: the sites' servers do it for them.");
		}
		const target = request.url ?? "/";
		const current = backend;
		if (current === null) {
			return sendError(response, "unavailable", "The database is still starting. Try again in a moment.");
		}
		const pathname = target.split("?")[0] ?? "/";
		if (pathname === "/healthz") {
			const pong = queue.run(() => current.ping());
			if (pong === null) {
				return sendError(response, "unavailable", "Too many requests are waiting. Try again in a moment.");
			}
			await pong;
			response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
			response.end(JSON.stringify({ status: "ok", build, api }));
			return;
		}
		if (!servedPaths.some((prefix) => pathname.startsWith(prefix))) {
			return sendError(response, "not_found", "Only /auth/v1, /rest/v1 and /healthz are served here.");
		}
		const body = await readBody(request);
		if (body === null) {
			response.setHeader("connection", "close");
			return sendError(response, "payload_too_large", `A request's body may have ${bodyLimitBytes} bytes.`);
		}
		const toLite = toRequest(request, target, body);
		const turn = queue.run(() => answer(current, toLite, request.socket.remoteAddress ?? null));
		if (turn === null) {
			return sendError(response, "unavailable", "Too many requests are waiting. Try again in a moment.");
		}
		const answered = await turn;
		response.statusCode = answered.status;
		for (const [name, value] of answered.headers) {
			response.appendHeader(name, value);
		}
		response.end(answered.body);
	}

	const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
		handle(request, response).catch((error: unknown) => {
			console.error(
				`Supabase could not answer ${request.method} ${request.url?.split("?")[0]}: ${error instanceof Error ? error.message : String(error)}`,
			);
			if (response.headersSent) {
				response.destroy();
			} else {
				sendError(response, "internal", "The request could not be answered. Try again; the log of Supabase says more.");
			}
		});
	});
	return {
		server,
		open(opened) {
			backend = opened;
		},
		idle: () => queue.idle(),
	};
}
