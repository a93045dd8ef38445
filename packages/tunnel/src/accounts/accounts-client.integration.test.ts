import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createPassMaker } from "@opta/reach/testing/pass-maker";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type AccountsClient, createAccountsClient } from "./accounts-client.ts";

let server: Server;
let client: AccountsClient;
let answer: { status: number; body: unknown };
let told: boolean[];

beforeEach(async () => {
	told = [];
	server = createServer((_request, response) => response.writeHead(answer.status).end(JSON.stringify(answer.body))).listen(0, "127.0.0.1");
	await once(server, "listening");
	const { identity } = await createPassMaker();
	const issuer = `http://accounts.optalocal.localhost:${(server.address() as AddressInfo).port}`;
	client = createAccountsClient({ ...identity, issuer }, (isRevoked) => told.push(isRevoked));
});
afterEach(async () => {
	await client.close();
	server.close();
});

function refuse(status: number, code: string): void {
	answer = { status, body: { error: { code, message: "No.", type: "invalid_request_error" } } };
}

it("takes a host for revoked by exactly that answer, and for itself again by the next good one", async () => {
	for (const [status, code] of [
		[410, "not_found"],
		[401, "unauthenticated"],
		[500, "internal"],
		[410, "gone"],
	] as const) {
		refuse(status, code);
		await expect(client.revocations()).rejects.toThrow("No.");
	}
	answer = { status: 410, body: "gone" };
	await expect(client.revocations()).rejects.toThrow();
	expect(told).toEqual([]);

	refuse(410, "host_revoked");
	await expect(client.revocations()).rejects.toMatchObject({ code: "host_revoked" });
	await expect(client.postPresence({ version: "0.1.0", doorUrl: null, lanUrls: [] })).rejects.toMatchObject({ code: "host_revoked" });
	expect(told).toEqual([true]);

	refuse(401, "unauthenticated");
	await expect(client.revocations()).rejects.toThrow();
	expect(told).toEqual([true]);
	answer = { status: 200, body: { revocations: [] } };
	expect(await client.revocations()).toEqual([]);
	expect(told).toEqual([true, false]);
});

it("does not take what everybody is told for an answer to itself", async () => {
	refuse(410, "host_revoked");
	await expect(client.keyStatements()).rejects.toThrow();
	expect(told).toEqual([]);
});
