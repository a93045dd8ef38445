import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, expect, it } from "vitest";
import { limitSockets } from "./limit-sockets.ts";

const lanAddress = Object.values(networkInterfaces())
	.flat()
	.find((each) => each?.family === "IPv4" && !each.internal)?.address;

const sockets: Socket[] = [];
const server = createServer((_request, response) => response.end("ok"));

afterEach(() => {
	for (const socket of sockets) {
		socket.destroy();
	}
	server.close();
});

it.skipIf(lanAddress === undefined)("gives each client on the LAN its share of connections, and takes closed ones back", async () => {
	limitSockets(server, 2);
	server.listen(0, "0.0.0.0");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const ask = async (host: string): Promise<{ status: string; socket: Socket }> => {
		const socket = connect(port, host).setEncoding("utf8");
		sockets.push(socket);
		socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
		const [text] = await once(socket, "data");
		return { status: text.split("\r\n", 1)[0], socket };
	};
	const first = await ask(lanAddress!);
	await ask(lanAddress!);
	expect((await ask(lanAddress!)).status).toBe("HTTP/1.1 503 Service Unavailable");
	expect((await ask("127.0.0.1")).status).toBe("HTTP/1.1 200 OK");
	first.socket.end();
	await once(first.socket, "close");
	expect((await ask(lanAddress!)).status).toBe("HTTP/1.1 200 OK");
});
