import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkPorts, describePortConflict } from "./check-ports.ts";

let server: Server;
let port: number;

async function listen(host: string): Promise<void> {
	server = createServer();
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	port = (server.address() as AddressInfo).port;
}
beforeEach(() => listen("127.0.0.1"));
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe("checkPorts", () => {
	it("names the port, what it is for and who has it", async () => {
		const conflicts = await checkPorts([{ port, purpose: "Opta Accounts" }]);
		expect(conflicts).toMatchObject([{ port, cause: "inUse", holder: { pid: process.pid } }]);
		expect(describePortConflict(conflicts[0]!)).toMatch(
			new RegExp(`^Port ${port} \\(Opta Accounts\\) is in use by .*node.* \\(process ${process.pid}\\)\\.$`),
		);
	});

	it("sees a program that listens on all addresses", async () => {
		await new Promise((resolve) => server.close(resolve));
		await listen("0.0.0.0");
		expect(await checkPorts([{ port, purpose: "LMX" }])).toMatchObject([{ port, cause: "inUse" }]);
	});

	it("has nothing to say about a free port, and leaves it free", async () => {
		const freed = port;
		await new Promise((resolve) => server.close(resolve));
		const wanted = [{ port: freed, purpose: "LMX" }];
		expect(await checkPorts(wanted)).toEqual([]);
		expect(await checkPorts(wanted)).toEqual([]);
		await listen("127.0.0.1");
	});
});
