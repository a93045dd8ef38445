import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { OriginGate } from "./origin-gate.ts";

/** The one way of a browser to the network. */
export interface GateProxy {
	readonly address: string;
	readonly user: string;
	readonly password: string;
	/** What was refused last, and why; bounded. */
	readonly takeRefusals: () => readonly string[];
	readonly close: () => Promise<void>;
}

const connectTimeoutMs = 30_000;
const maxRefusals = 20;
const forbidden = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
/** Headers that are about one connection (RFC 9110 §7.6.1), and ours. */
const hopHeaders = new Set([
	"connection",
	"proxy-connection",
	"keep-alive",
	"proxy-authorization",
	"te",
	"trailer",
	"transfer-encoding",
	"upgrade",
]);

function sameText(a: string, b: string): boolean {
	const digest = (text: string) => createHash("sha256").update(text).digest();
	return timingSafeEqual(digest(a), digest(b));
}

/**
 * An HTTP proxy on a free port of 127.0.0.1 that asks the gate about each connection. Interception in the browser does not
 * see redirects, workers and sockets; a proxy does. Only who knows its password can use it.
 */
export async function startGateProxy(gate: OriginGate): Promise<GateProxy> {
	const password = randomBytes(24).toString("base64url");
	const expected = `Basic ${Buffer.from(`opta:${password}`).toString("base64")}`;
	const sockets = new Set<Socket>();
	const refusals: string[] = [];
	const refused = (error: unknown): string => {
		const message = error instanceof Error ? error.message : String(error);
		if (refusals.length < maxRefusals && !refusals.includes(message)) {
			refusals.push(message);
		}
		return message;
	};
	const isOurs = (request: IncomingMessage): boolean => sameText(request.headers["proxy-authorization"] ?? "", expected);

	const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		if (!isOurs(request)) {
			response.writeHead(407, { "proxy-authenticate": 'Basic realm="opta"' }).end();
			return;
		}
		const url = URL.parse(request.url ?? "");
		if (url === null || url.protocol !== "http:") {
			response.writeHead(400).end();
			return;
		}
		if (!(await gate.isOfPage(url))) {
			response.writeHead(403).end();
			return;
		}
		const host = await gate.resolve(url);
		const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !hopHeaders.has(name)));
		const upstream = sendRequest({
			host,
			port: url.port || 80,
			method: request.method,
			path: `${url.pathname}${url.search}`,
			headers,
			timeout: connectTimeoutMs,
		});
		upstream.once("response", (answer) => {
			response.writeHead(
				answer.statusCode ?? 502,
				Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !hopHeaders.has(name))),
			);
			answer.pipe(response);
		});
		upstream.once("error", () => response.destroy());
		response.once("close", () => upstream.destroy());
		request.pipe(upstream);
	};

	const tunnel = async (request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> => {
		if (!isOurs(request)) {
			socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="opta"\r\nContent-Length: 0\r\n\r\n');
			return;
		}
		// Port 80 is asked for by sockets of pages (ws:); everything else is TLS.
		const plain = URL.parse(`http://${request.url ?? ""}`);
		const url = plain?.port === "" ? plain : URL.parse(`https://${request.url ?? ""}`);
		if (url === null) {
			socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
			return;
		}
		if (!(await gate.isOfPage(url))) {
			socket.end(forbidden);
			return;
		}
		const host = await gate.resolve(url);
		const upstream = connect({ host, port: Number(url.port || (url.protocol === "http:" ? 80 : 443)) });
		sockets.add(upstream);
		upstream.setTimeout(connectTimeoutMs, () => upstream.destroy());
		upstream.once("connect", () => {
			upstream.setTimeout(0);
			socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
			upstream.write(head);
			upstream.pipe(socket).pipe(upstream);
		});
		upstream.once("error", () => socket.destroy());
		upstream.once("close", () => sockets.delete(upstream));
		socket.once("close", () => upstream.destroy());
	};

	const server = createServer((request, response) => {
		forward(request, response).catch((error: unknown) => response.writeHead(403, { "content-type": "text/plain" }).end(refused(error)));
	});
	server.on("connect", (request, socket: Socket, head: Buffer) => {
		socket.on("error", () => socket.destroy());
		tunnel(request, socket, head).catch((error: unknown) => {
			refused(error);
			socket.end(forbidden);
		});
	});
	server.on("connection", (socket) => {
		sockets.add(socket);
		socket.once("close", () => sockets.delete(socket));
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, "127.0.0.1", resolve);
	});
	return {
		address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		user: "opta",
		password,
		takeRefusals: () => refusals.splice(0),
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const socket of sockets) {
					socket.destroy();
				}
			}),
	};
}
