import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { api, build } from "@opta/contracts/build";
import type { DoctorCheck } from "@opta/contracts/schema/doctor";
import { createPassMaker } from "@opta/reach/testing/pass-maker";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DoorParts, examineDoor } from "./examine-door.ts";

const closing: (() => void)[] = [];
afterEach(() => {
	for (const close of closing.splice(0)) {
		close();
	}
});

async function listen(listener: RequestListener): Promise<number> {
	const server = createServer(listener).listen(0, "127.0.0.1");
	await once(server, "listening");
	closing.push(() => server.close().closeAllConnections());
	return (server.address() as AddressInfo).port;
}

function json(response: ServerResponse, body: unknown, status = 200): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const memory: DoctorCheck = {
	layer: "lmx",
	name: "memory",
	state: "warning",
	summary: "Little is free.",
	fix: "Close something.",
	durationMs: 1,
};
const daemonHealth = { service: "opta-daemon", build, api, oldestApi: { daemon: 3 } };

/** Everything around a door, as it is where nothing is wrong. */
interface Around {
	lmx: (path: string, response: ServerResponse) => void;
	daemon: (response: ServerResponse) => void;
	accounts: (response: ServerResponse, statement: string) => void;
}

let around: Around;
let parts: DoorParts;

beforeEach(async () => {
	const maker = await createPassMaker();
	around = {
		lmx: (path, response) => json(response, path === "/healthz" ? {} : { build, at: "2026-11-23T08:00:00Z", checks: [memory] }),
		daemon: (response) => json(response, daemonHealth),
		accounts: (response, statement) => json(response, { statements: [statement] }),
	};
	const lmxPort = await listen(({ url = "" }, response) => around.lmx(url, response));
	const daemonPort = await listen((_request, response) => around.daemon(response));
	const accountsPort: number = await listen(async (_request, response) => {
		const claims = { iss: issuer, keys: [maker.publicJwk], sub: undefined, aud: undefined };
		around.accounts(response, await maker.make("viewer", { claims, header: { typ: "pass-keys+jwt" } }));
	});
	const issuer = `http://accounts.optalocal.localhost:${accountsPort}`;
	parts = {
		identity: { issuer, jwks: maker.identity.jwks },
		lmxUrl: `http://127.0.0.1:${lmxPort}`,
		daemonUrl: `http://127.0.0.1:${daemonPort}`,
		tunnel: { state: "connected", publicUrl: "https://home.example.com", reason: null },
		meetSelf: async () => null,
		peers: [],
	};
});

async function examine(changes: Partial<DoorParts> = {}): Promise<Record<string, DoctorCheck>> {
	const { checks } = await examineDoor({ ...parts, ...changes });
	return Object.fromEntries(checks.map((check) => [`${check.layer}: ${check.name}`, check]));
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}

describe("examineDoor", () => {
	it("finds nothing wrong where nothing is, and tells what LMX found beside it, from the outside in", async () => {
		const report = await examineDoor(parts);
		expect(report.checks.map(({ layer, name, state }) => `${layer}: ${name}: ${state}`)).toEqual([
			"tunnel: tunnel: ok",
			"door: accounts: ok",
			"lmx: way from the door: ok",
			"lmx: memory: warning",
			"daemon: daemon of the host: ok",
			"peers: own computers: skipped",
			"clock: host and accounts: ok",
			"versions: programs of the host: ok",
			"address: public address: ok",
		]);
		expect(report.checks.find(({ name }) => name === "memory")).toEqual(memory);
	});

	it("tells an LMX that does not listen, one that refuses, and one that is of another build", async () => {
		const lmxUrl = `http://127.0.0.1:${await closedPort()}`;
		expect((await examine({ lmxUrl }))["lmx: way from the door"]).toMatchObject({
			state: "failed",
			summary: `LMX at ${lmxUrl} does not answer the door: nothing listens there.`,
			fix: expect.stringContaining("npm run host"),
		});
		around.lmx = (_path, response) => json(response, {}, 503);
		expect((await examine())["lmx: way from the door"]).toMatchObject({ state: "failed", summary: expect.stringContaining("503") });
		around.lmx = (_path, response) => json(response, { build: "0.0.9", at: "2026-11-23T08:00:00Z", checks: [] });
		expect((await examine())["versions: programs of the host"]).toMatchObject({
			state: "warning",
			summary: `Programs of different builds run together: door ${build}, LMX 0.0.9, daemon ${build}.`,
			fix: expect.stringContaining("Update the older one"),
		});
	});

	it("tells a daemon that is not there, and something else in its place", async () => {
		const name = "daemon: daemon of the host";
		expect((await examine({ daemonUrl: `http://127.0.0.1:${await closedPort()}` }))[name]).toMatchObject({
			state: "warning",
			fix: "Start it on the host: opta daemon start",
		});
		around.daemon = (response) => json(response, { hello: "world" });
		expect((await examine())[name]).toMatchObject({ state: "warning", summary: expect.stringContaining("is no daemon of Opta") });
	});

	it("tells accounts that are away, and accounts whose keys this host does not trust", async () => {
		const { issuer } = parts.identity;
		around.accounts = (response) => json(response, { statements: ["a.b.c"] });
		expect((await examine())["door: accounts"]).toMatchObject({
			state: "failed",
			summary: expect.stringContaining("keys that this host does not trust"),
			fix: expect.stringContaining("claim the host again"),
		});
		around.accounts = (response) => response.destroy();
		const away = await examine();
		expect(away["door: accounts"]).toMatchObject({
			state: "failed",
			summary: `Accounts at ${issuer} cannot be asked: it closed the connection.`,
		});
		expect(away["clock: host and accounts"]).toMatchObject({ state: "skipped" });
	});

	it.each([
		[10_000, "warning"],
		[-10_000, "warning"],
		[40_000, "failed"],
		[2_000, "ok"],
	])("tells a clock that is %i ms off: %s", async (offMs, state) => {
		around.accounts = (response, statement) => {
			response.setHeader("date", new Date(Date.now() - offMs).toUTCString());
			json(response, { statements: [statement] });
		};
		const check = (await examine())["clock: host and accounts"];
		expect(check).toMatchObject({ state, fix: state === "ok" ? null : expect.stringContaining("NTP") });
	});

	it.each([
		["off", null, "skipped", "its own network only"],
		["missing", { state: "missing", publicUrl: null, reason: "cloudflared was not found." }, "failed", "cloudflared was not found."],
		[
			"cut",
			{ state: "reconnecting", publicUrl: "https://home.example.com", reason: "The network is gone." },
			"failed",
			"The network is gone.",
		],
		["being opened", { state: "starting", publicUrl: null, reason: null }, "warning", "is being opened"],
	] as const)("tells a tunnel that is %s", async (_name, tunnel, state, words) => {
		const check = (await examine({ tunnel }))["tunnel: tunnel"];
		expect(check).toMatchObject({ state, summary: expect.stringContaining(words) });
		expect(check?.fix === null).toBe(state === "skipped");
	});

	it("tells a tunnel that says it is connected, but leads elsewhere", async () => {
		expect((await examine({ meetSelf: async () => "it answered with 530" }))["tunnel: tunnel"]).toMatchObject({
			state: "failed",
			summary: "cloudflared says it is connected, but https://home.example.com does not lead here: it answered with 530.",
			fix: expect.stringContaining("npm run host"),
		});
	});

	it("tells the caller's computers, and one of another build", async () => {
		const laptop = {
			deviceId: "0192f0c1-2345-7abc-8def-0123456789ab",
			name: "laptop",
			build,
			connected: true,
			since: "2026-11-23T08:00:00Z",
			lastSeenAt: "2026-11-23T08:00:00Z",
		};
		const gone = { ...laptop, name: "desk", connected: false };
		expect((await examine({ peers: [laptop, gone] }))["peers: own computers"]).toMatchObject({
			state: "ok",
			summary: "laptop is joined, desk was last seen 2026-11-23T08:00:00Z.",
		});
		expect((await examine({ peers: [{ ...laptop, build: "0.0.9" }] }))["peers: own computers"]).toMatchObject({
			state: "warning",
			fix: expect.stringContaining("laptop. Update the older one."),
		});
	});

	it("tells a public address of an overlay network, and one without TLS", async () => {
		const at = (publicUrl: string) => examine({ tunnel: { state: "connected", publicUrl, reason: null } });
		expect((await at("https://mono512.tail1234.ts.net"))["address: public address"]).toMatchObject({
			state: "warning",
			summary: expect.stringContaining("overlay network"),
			fix: expect.stringContaining("tunnel"),
		});
		expect((await at("http://home.example.com"))["address: public address"]).toMatchObject({
			state: "warning",
			summary: expect.stringContaining("TLS"),
		});
	});
});
