import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import Fastify from "fastify";
import { afterEach, expect, it } from "vitest";
import { listenOnPort } from "./listen-on-port.ts";

const holders: Server[] = [];

afterEach(() => {
	for (const holder of holders.splice(0)) {
		holder.close();
	}
});

async function heldPort(): Promise<number> {
	const holder = createServer().listen(0, "127.0.0.1");
	holders.push(holder);
	await once(holder, "listening");
	return (holder.address() as AddressInfo).port;
}

it("takes the first port that is free", async () => {
	const app = Fastify();
	const listening = await listenOnPort(app, [await heldPort(), await heldPort(), 0]);
	expect(listening).toEqual({ ok: true, port: (app.server.address() as AddressInfo).port });
	await app.close();
});

it("says so when all are taken, and how to choose another", async () => {
	const app = Fastify();
	expect(await listenOnPort(app, [await heldPort(), await heldPort()])).toEqual({
		ok: false,
		message: expect.stringMatching(/^The ports 9999 and 10000 to 10020 are all in use\..*opta config set daemon\.port/),
	});
	await app.close();
});
