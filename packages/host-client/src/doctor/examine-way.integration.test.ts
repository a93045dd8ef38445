import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "@opta/contracts/build";
import { errorBody } from "@opta/contracts/error-body";
import type { DoctorCheck, DoctorReport } from "@opta/contracts/schema/doctor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { examineWay, type WayParts } from "./examine-way.ts";

const closing: (() => void)[] = [];
let answer: (response: ServerResponse) => void;
let received: string[];
let doorUrl: string;
let parts: WayParts;

afterEach(() => {
	for (const close of closing.splice(0)) {
		close();
	}
});

async function listen(): Promise<number> {
	const server = createServer(({ url, headers }, response) => {
		received.push(`${url} ${headers.authorization}`);
		answer(response);
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	closing.push(() => server.close().closeAllConnections());
	return (server.address() as AddressInfo).port;
}

function json(status: number, body: unknown): (response: ServerResponse) => void {
	return (response) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function page(status: number): (response: ServerResponse) => void {
	return (response) => response.writeHead(status, { "content-type": "text/html" }).end("<h1>Cloudflare</h1>");
}

const behind: DoctorCheck = { layer: "lmx", name: "model", state: "failed", summary: "No model.", fix: "Load one.", durationMs: 3 };
const doorReport: DoctorReport = { build, at: "2026-11-23T08:00:00Z", checks: [behind] };

beforeEach(async () => {
	received = [];
	answer = json(200, doorReport);
	doorUrl = `http://127.0.0.1:${await listen()}`;
	parts = {
		program: "site",
		takePass: async () => ({ ok: true, pass: "the-pass", role: "viewer" }),
		findDoor: async () => ({ state: "found", doorUrl }),
		allowsPrivate: true,
	};
});

async function examine(changes: Partial<WayParts> = {}): Promise<readonly DoctorCheck[]> {
	return examineWay({ ...parts, ...changes });
}

function statesOf(checks: readonly DoctorCheck[]): string[] {
	return checks.map(({ layer, name, state }) => `${layer}: ${name}: ${state}`);
}

/** The one check that failed; all that lies behind it has to be skipped. */
function onlyFailure(checks: readonly DoctorCheck[]): DoctorCheck | undefined {
	const at = checks.findIndex(({ state }) => state === "failed");
	expect(new Set(checks.slice(at + 1).map(({ state }) => state))).toEqual(new Set(["skipped"]));
	expect(checks.slice(0, at).every(({ state }) => state === "ok" || state === "skipped")).toBe(true);
	return checks[at];
}

describe("examineWay", () => {
	it("goes every way with the pass, and tells what the door found", async () => {
		const checks = await examine();
		expect(statesOf(checks)).toEqual([
			"membership: membership: ok",
			"site: address: ok",
			"site: name: ok",
			"site: connection: ok",
			"site: TLS: skipped",
			"tunnel: way from site: ok",
			"door: door: ok",
			"lmx: model: failed",
			"clock: host and site: ok",
			"versions: site and host: ok",
		]);
		expect(checks[0]?.summary).toBe("You are viewer of this host.");
		expect(checks).toContainEqual(behind);
		expect(received).toEqual(["/admin/doctor Bearer the-pass"]);
	});

	it.each([
		[403, "invitation"],
		[410, "npm run host -- claim --again"],
		[503, "status.optalocal.com"],
	])("tells who gets no pass (%i) what to do, and asks nobody", async (status, fix) => {
		expect(onlyFailure(await examine({ takePass: async () => ({ ok: false, status, message: "Refused." }) }))).toMatchObject({
			layer: "membership",
			fix: expect.stringContaining(fix),
		});
		expect(received).toEqual([]);
	});

	it.each([
		["none", "npm run host -- --tunnel quick"],
		["unavailable", "Try again"],
	] as const)("tells a host whose address is %s", async (state, fix) => {
		const failure = onlyFailure(await examine({ findDoor: async () => ({ state }) }));
		expect(failure).toMatchObject({ layer: "site", name: "address", fix: expect.stringContaining(fix) });
	});

	it("tells DNS, connection and TLS apart", async () => {
		const at = async (url: string) => onlyFailure(await examine({ findDoor: async () => ({ state: "found", doorUrl: url }) }));
		expect(await at("https://nowhere.invalid")).toMatchObject({
			layer: "site",
			name: "name",
			summary: expect.stringContaining("nowhere.invalid"),
		});
		const closed = createServer().listen(0, "127.0.0.1");
		await once(closed, "listening");
		const { port } = closed.address() as AddressInfo;
		closed.close();
		await once(closed, "close");
		expect(await at(`http://127.0.0.1:${port}`)).toMatchObject({
			name: "connection",
			summary: `127.0.0.1:${port} takes no connection (ECONNREFUSED).`,
			fix: expect.stringContaining("npm run host"),
		});
		expect(await at(doorUrl.replace("http:", "https:"))).toMatchObject({
			name: "TLS",
			fix: expect.stringContaining("Cloudflare dashboard"),
		});
	});

	it("connects to no address of the site's own network", async () => {
		const failure = onlyFailure(await examine({ allowsPrivate: false }));
		expect(failure).toMatchObject({ name: "name", summary: "127.0.0.1 leads to an address that is not of the internet." });
		expect(received).toEqual([]);
	});

	it.each([
		[530, "the host's tunnel is not connected"],
		[502, "no door answers behind it"],
		[302, "Cloudflare Access"],
		[200, "Something that is no door answers"],
	])("tells who answers with %i instead of the door", async (status, words) => {
		answer = page(status);
		expect(onlyFailure(await examine())).toMatchObject({
			layer: "tunnel",
			summary: expect.stringContaining(words),
		});
	});

	it("tells a connection that is cut without an answer", async () => {
		answer = (response) => response.destroy();
		expect(onlyFailure(await examine())).toMatchObject({ layer: "tunnel", summary: "The host closed the connection without an answer." });
	});

	it.each([
		[401, "invalid_pass", "clock"],
		[410, "host_revoked", "claim --again"],
		[404, "not_found", "Update the host"],
		[503, "unavailable", "Try again"],
	] as const)("tells what a refusal of the door (%i) means", async (status, code, fix) => {
		answer = json(status, errorBody(code, "Refused."));
		const checks = await examine();
		expect(checks.find(({ state }) => state === "failed")).toMatchObject({ layer: "door", fix: expect.stringContaining(fix) });
		expect(checks.filter(({ layer }) => layer === "lmx")).toMatchObject([{ state: "skipped" }]);
	});

	it("tells a host whose clock is off, and one of another build", async () => {
		answer = (response) => {
			response.setHeader("date", new Date(Date.now() + 90_000).toUTCString());
			json(200, { ...doorReport, build: "0.0.9" })(response);
		};
		const checks = await examine();
		expect(checks.find(({ layer }) => layer === "clock")).toMatchObject({
			state: "failed",
			summary: expect.stringContaining("90 s behind"),
		});
		expect(checks.find(({ layer }) => layer === "versions")).toMatchObject({
			state: "warning",
			summary: expect.stringContaining("door 0.0.9"),
		});
	});
});
