import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type GateProxy, startGateProxy } from "./gate-proxy.ts";
import { OriginGate } from "./origin-gate.ts";

const server = createServer((asked, response) =>
	response.end(`${asked.method} ${asked.url} ${asked.headers["proxy-authorization"] ?? "no password"}`),
);
let target: URL;
let gate: OriginGate;
let proxy: GateProxy;

beforeEach(async () => {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	target = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path?x=1`);
	gate = new OriginGate(
		() => ({ allowedOrigins: [], deniedOrigins: [] }),
		() => undefined,
	);
	proxy = await startGateProxy(gate);
});

afterEach(async () => {
	await proxy.close();
	server.close();
});

/** Asks through the proxy, as a browser does. */
async function ask(method: string, path: string, password: string): Promise<{ status: number; body: string }> {
	const { hostname, port } = new URL(proxy.address);
	const authorization = `Basic ${Buffer.from(`opta:${password}`).toString("base64")}`;
	const sent = request({ hostname, port, method, path, headers: { "proxy-authorization": authorization }, agent: false });
	sent.end();
	if (method === "CONNECT") {
		const [answer, socket] = await once(sent, "connect");
		socket.destroy();
		return { status: answer.statusCode, body: "" };
	}
	const [answer] = await once(sent, "response");
	return { status: answer.statusCode, body: Buffer.concat(await answer.toArray()).toString() };
}

test("only who knows the password is served", async () => {
	await gate.approve(target);
	expect((await ask("GET", target.href, "wrong")).status).toBe(407);
	expect((await ask("CONNECT", target.host, "wrong")).status).toBe(407);
});

test("requests go on as they are, without the password; tunnels open", async () => {
	await gate.approve(target);
	expect(await ask("POST", target.href, proxy.password)).toEqual({ status: 200, body: "POST /path?x=1 no password" });
	expect((await ask("CONNECT", target.host, proxy.password)).status).toBe(200);
	expect(proxy.takeRefusals()).toEqual([]);
});

test("what no page asked for is refused without a word: browsers that talk to their makers", async () => {
	expect((await ask("CONNECT", "content-autofill.googleapis.com:443", proxy.password)).status).toBe(403);
	expect(proxy.takeRefusals()).toEqual([]);
});

test("what the gate refuses is not reached, and told", async () => {
	gate.noteRequest(target);
	expect((await ask("GET", target.href, proxy.password)).status).toBe(403);
	expect((await ask("CONNECT", target.host, proxy.password)).status).toBe(403);
	expect(proxy.takeRefusals()).toEqual([expect.stringContaining("own network")]);
});
