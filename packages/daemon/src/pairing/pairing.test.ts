import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openPairCodes } from "./pair-codes.ts";
import { openPairedClients } from "./paired-clients.ts";

describe("openPairCodes", () => {
	it("takes a code once, however it is typed", () => {
		const codes = openPairCodes();
		expect(codes.isOpen()).toBe(false);
		const { code } = codes.create();
		expect(codes.isOpen()).toBe(true);
		expect(codes.use(` ${code.toLowerCase().replace("-", " ")}`)).toBe(true);
		expect(codes.use(code)).toBe(false);
	});

	it("voids a code after five wrong ones, after five minutes, and when there is a new one", () => {
		let now = 0;
		const codes = openPairCodes(() => now);
		const first = codes.create().code;
		for (let index = 0; index < 5; index++) {
			expect(codes.use("AAAA-AAAA")).toBe(false);
		}
		expect(codes.use(first)).toBe(false);
		const second = codes.create().code;
		now = 5 * 60_000;
		expect(codes.use(second)).toBe(false);
		const third = codes.create().code;
		const fourth = codes.create().code;
		expect(codes.use(third)).toBe(false);
		expect(codes.use(fourth)).toBe(true);
	});
});

describe("openPairedClients", () => {
	it("knows a client by its token over restarts until it is revoked, and keeps no token", async () => {
		const file = path.join(await mkdtemp(path.join(os.tmpdir(), "opta-pair-")), "clients.json");
		const fail = (message: string): never => {
			throw new Error(message);
		};
		const { clientId, token } = await (await openPairedClients(file, fail)).add("Desk", "http://localhost:5173");
		expect(await readFile(file, "utf8")).not.toContain(token);
		const clients = await openPairedClients(file, fail);
		expect(clients.find(token)).toMatchObject({ clientId, name: "Desk", origin: "http://localhost:5173" });
		expect(clients.find(`${token}x`)).toBeUndefined();
		expect([clients.knowsOrigin("http://localhost:5173"), clients.knowsOrigin("http://localhost:1")]).toEqual([true, false]);
		expect(clients.list().clients).toEqual([expect.objectContaining({ clientId, lastSeenAt: expect.any(String) })]);
		expect(await clients.revoke(clientId)).toBe(true);
		expect(await clients.revoke(clientId)).toBe(false);
		expect(clients.find(token)).toBeUndefined();
	});

	it("does not take a damaged list for an empty one", async () => {
		const file = path.join(await mkdtemp(path.join(os.tmpdir(), "opta-pair-")), "clients.json");
		await writeFile(file, "{");
		await expect(openPairedClients(file, () => undefined)).rejects.toThrow("damaged");
	});
});
