import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { createEgress } from "./create-egress.ts";
import type { Egress } from "./egress.ts";

/** An address of this machine that is not loopback: whatever arrives there would have left. */
const found = Object.values(networkInterfaces())
	.flat()
	.find((each) => each !== undefined && each.family === "IPv4" && !each.internal)?.address;
const outside = found ?? "192.0.2.1";

let server: Server;
let port: number;
let connections: number;
let localOnly: boolean;
let mayFetchPrivately: boolean;
let egress: Egress;
let lmx: { host: string; port: number } | null;

beforeEach(async () => {
	connections = 0;
	localOnly = true;
	lmx = null;
	server = createServer((request, response) => {
		if (request.url === "/away") {
			response.writeHead(302, { location: `http://${outside}:${port}/` }).end();
			return;
		}
		response.end("hello");
	});
	server.on("connection", () => connections++);
	new WebSocketServer({ server }).on("connection", (socket) => socket.send("hello"));
	server.listen(0, "0.0.0.0");
	await once(server, "listening");
	port = (server.address() as AddressInfo).port;
	mayFetchPrivately = true;
	egress = createEgress({ localOnly: () => localOnly, lmxAddress: () => lmx, mayFetchPrivately: () => mayFetchPrivately });
});

afterEach(async () => {
	await egress.close();
	server.closeAllConnections();
	server.close();
});

it("reaches loopback, and logs where it went", async () => {
	expect(await (await egress.way("model").fetch(`http://localhost:${port}/`)).text()).toBe("hello");
	expect(await (await egress.way("model").fetch(`http://localhost:${port}/`)).text()).toBe("hello");
	const [entry] = egress.log();
	expect(entry).toMatchObject({ purpose: "model", target: `localhost:${port}`, allowed: true, count: 2 });
	expect(egress.log()).toHaveLength(1);
});

it("makes no connection to another address: not by fetch, by a redirect, by a socket, nor by name", async () => {
	const way = egress.way("web_fetch");
	await expect(way.fetch(`http://${outside}:${port}/`)).rejects.toMatchObject({ cause: { name: "EgressRefusedError" } });
	await expect(way.fetch("https://api.anthropic.com/v1/messages")).rejects.toMatchObject({ cause: { name: "EgressRefusedError" } });
	expect(connections).toBe(0);
	await expect(way.fetch(`http://127.0.0.1:${port}/away`)).rejects.toMatchObject({ cause: { name: "EgressRefusedError" } });
	expect(connections).toBe(1);
	const socket = way.openSocket(`ws://${outside}:${port}/`);
	await once(socket, "error");
	expect(connections).toBe(1);
	expect(
		egress
			.log()
			.filter(({ allowed }) => !allowed)
			.map(({ target }) => target),
	).toContain("api.anthropic.com:443");
	expect(() => egress.assertAllowed("https://example.com", "mcp")).toThrow('"Local only" is on');
});

it.skipIf(found === undefined)("reaches the configured LMX, and refuses it again once it is not", async () => {
	lmx = { host: outside, port };
	const way = egress.way("model");
	expect((await way.fetch(`http://${outside}:${port}/`)).status).toBe(200);
	lmx = null;
	await expect(way.fetch(`http://${outside}:${port}/`)).rejects.toThrow();
});

it.skipIf(found === undefined)("opens sockets and reaches everything when it is switched off, at once", async () => {
	const way = egress.way("web_fetch");
	await expect(way.fetch(`http://${outside}:${port}/`)).rejects.toThrow();
	localOnly = false;
	expect((await way.fetch(`http://${outside}:${port}/`)).status).toBe(200);
	const socket = way.openSocket(`ws://${outside}:${port}/`);
	const [message] = await once(socket, "message");
	expect(message.data).toBe("hello");
	socket.close();
});

it("lets pages of the web lead to nothing on this computer or its network, by no spelling, unless the user named it", async () => {
	mayFetchPrivately = false;
	const pages = egress.way("web_fetch");
	const hosts = ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", outside];
	for (const isLocalOnly of [true, false]) {
		localOnly = isLocalOnly;
		for (const host of hosts) {
			await expect(pages.fetch(`http://${host}:${port}/`), host).rejects.toThrow("fetch failed");
		}
	}
	lmx = { host: "127.0.0.1", port };
	await expect(pages.fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ cause: { name: "PrivateAddressError" } });
	expect(connections).toBe(0);
	expect(await (await egress.way("model").fetch(`http://127.0.0.1:${port}/`)).text()).toBe("hello");
});

it("reaches accounts and the host that the person joined, for that alone, and names it", async () => {
	const place = `http://${outside}:${port}`;
	await expect(egress.way("reach").fetch(place)).rejects.toMatchObject({ cause: { name: "EgressRefusedError" } });
	egress.permitReach([place]);
	expect(await (await egress.way("reach").fetch(place)).text()).toBe("hello");
	egress.assertAllowed(place, "reach");
	await expect(egress.way("account").fetch(place)).rejects.toMatchObject({ cause: { name: "EgressRefusedError" } });
	await expect(egress.way("reach").fetch(`http://${outside}:${port + 1}`)).rejects.toMatchObject({ cause: { name: "EgressRefusedError" } });
	egress.permitReach([]);
	await expect(egress.way("reach").fetch(place)).rejects.toMatchObject({ cause: { name: "EgressRefusedError" } });
	expect(egress.log()).toContainEqual(expect.objectContaining({ purpose: "reach", target: `${outside}:${port}`, allowed: true, count: 2 }));
});
