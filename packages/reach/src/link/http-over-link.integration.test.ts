import { createHash, randomBytes } from "node:crypto";
import { on, once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, request, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { type buildConnector, Pool } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type LinkBench, openLinkBench } from "../testing/link-bench.ts";
import type { Link } from "./link.ts";

let bench: LinkBench;
let host: Link;
let device: Link;
let server: Server;
let listener: RequestListener;
let pool: Pool;

beforeEach(async () => {
	bench = await openLinkBench();
	server = createServer((incoming, response) => listener(incoming, response));
	({ host, device } = await bench.pair((stream) => server.emit("connection", stream)));
	const connect: buildConnector.connector = (_options, callback) => {
		const stream = host.openStream();
		setImmediate(() => (stream.errored ? callback(stream.errored, null) : callback(null, stream as Socket)));
	};
	pool = new Pool("http://device.invalid", { connections: 64, connect });
});
afterEach(async () => {
	await pool.destroy();
	await bench.close();
});

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** One request on a stream of its own, as the door sends the opening of a WebSocket. */
function ask(path: string, options: { readonly method?: string; readonly headers?: Record<string, string> } = {}) {
	return request({ path, host: "device.invalid", ...options, createConnection: () => host.openStream() });
}

describe("HTTP on the streams of a link", () => {
	it("answers requests of a pool, which uses its streams again", async () => {
		listener = (incoming, response) => void text(incoming).then((body) => response.end(`${incoming.method} ${incoming.url} ${body}`));
		for (let count = 0; count < 5; count++) {
			const { statusCode, body } = await pool.request({ path: `/v3/health?${count}`, method: "POST", body: "hello" });
			expect([statusCode, await body.text()]).toEqual([200, `POST /v3/health?${count} hello`]);
		}
		expect(host.streamCount()).toBeLessThan(5);
	});

	it("carries 8 MB up and down, six at a time", async () => {
		listener = (incoming, response) => {
			incoming.pipe(response);
		};
		const bodies = Array.from({ length: 6 }, () => randomBytes(8_000_000));
		const answers = await Promise.all(
			bodies.map(async (sent) => Buffer.from(await (await pool.request({ path: "/", method: "POST", body: sent })).body.arrayBuffer())),
		);
		expect(answers.map(sha256)).toEqual(bodies.map(sha256));
	});

	it("lets a reader that does not read hold up who writes, and nobody else", async () => {
		let written = 0;
		listener = (incoming, response) => {
			if (incoming.url === "/quick") {
				response.end("quick");
				return;
			}
			const write = (): void => {
				do {
					written += 65_536;
				} while (written < 64_000_000 && response.write(Buffer.alloc(65_536)));
			};
			response.on("drain", write);
			write();
		};
		const { body } = await pool.request({ path: "/flood", method: "GET", highWaterMark: 1024 });
		for (let count = 0; count < 50; count++) {
			expect(await (await pool.request({ path: "/quick", method: "GET" })).body.text()).toBe("quick");
		}
		expect(written).toBeLessThan(1_000_000);
		const before = device.streamCount();
		body.on("error", () => undefined).destroy();
		await expect.poll(() => device.streamCount()).toBeLessThan(before);
	});

	it("streams events one by one", async () => {
		let send: (line: string) => void = () => undefined;
		listener = (_incoming, response) => {
			response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
			send = (line) => response.write(line);
		};
		const { body } = await pool.request({ path: "/stream", method: "GET" });
		const chunks = on(body, "data");
		for (let count = 0; count < 20; count++) {
			send(`data: ${count}\n\n`);
			expect(String((await chunks.next()).value?.[0])).toBe(`data: ${count}\n\n`);
		}
		body.on("error", () => undefined).destroy();
	});

	it("destroys the request at the device as soon as the client leaves", async () => {
		const left = Promise.withResolvers<void>();
		listener = (_incoming, response) => {
			response.writeHead(200).write("begun");
			response.once("close", left.resolve);
		};
		const { body } = await pool.request({ path: "/stream", method: "GET" });
		await once(body, "data");
		body.on("error", () => undefined).destroy();
		await left.promise;
		await expect.poll(() => device.streamCount()).toBe(0);
	});

	it("breaks the answer off when the device's server does, or when the link ends", async () => {
		const responses: ServerResponse[] = [];
		listener = (_incoming, response) => {
			response.writeHead(200).write("begun");
			responses.push(response);
		};
		const cut = await pool.request({ path: "/cut", method: "GET" });
		const cutOff = expect(cut.body.text()).rejects.toThrow();
		responses[0]!.destroy();
		await cutOff;
		const open = await pool.request({ path: "/open", method: "GET" });
		const broken = expect(open.body.text()).rejects.toThrow();
		device.close({ cause: "closed", message: "The device sleeps." });
		await broken;
		await expect(pool.request({ path: "/", method: "GET" })).rejects.toThrow("The device sleeps.");
	});

	it("opens WebSockets, with node:http as the client", async () => {
		const sockets = new WebSocketServer({ noServer: true });
		server.on("upgrade", (incoming, stream, head) =>
			sockets.handleUpgrade(incoming, stream, head, (socket) => {
				socket.on("message", (data) => socket.send(`echo ${data}`));
			}),
		);
		const stream = host.openStream();
		const socket = new WebSocket("ws://device.invalid/v3/ws", { createConnection: () => stream as never });
		await once(socket, "open");
		for (const sent of ["one", "x".repeat(300_000)]) {
			socket.send(sent);
			expect(String((await once(socket, "message"))[0])).toBe(`echo ${sent}`);
		}
		const atDevice = [...sockets.clients][0]!;
		const gone = once(atDevice, "close");
		socket.close(4001, "done");
		expect(await gone).toMatchObject([4001, Buffer.from("done")]);
		await expect.poll(() => host.streamCount() + device.streamCount()).toBe(0);
	});

	it("hands the stream of an upgrade to who asked, and an ordinary answer where none comes", async () => {
		server.on("upgrade", (incoming, stream: Duplex) => {
			if (incoming.url === "/refuse") {
				stream.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno", () => stream.destroy());
				return;
			}
			stream.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
			stream.pipe(stream);
		});
		const headers = { connection: "upgrade", upgrade: "echo" };
		const opening = ask("/echo", { headers });
		opening.end();
		const [, stream] = (await once(opening, "upgrade")) as [IncomingMessage, Duplex];
		stream.end("through");
		expect((await buffer(stream)).toString()).toBe("through");
		const refused = ask("/refuse", { headers });
		refused.end();
		const [answer] = (await once(refused, "response")) as [IncomingMessage];
		expect([answer.statusCode, await text(answer)]).toEqual([403, "no"]);
		await expect.poll(() => host.streamCount() + device.streamCount()).toBe(0);
	});
});
