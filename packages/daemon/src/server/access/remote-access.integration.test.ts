import { randomUUID } from "node:crypto";
import { daemonSocketProtocol, daemonSocketTokenPrefix } from "@opta/contracts/daemon-protocol";
import { deviceAudience, passType } from "@opta/contracts/pass";
import type { ProvenRequest, StandInCredential } from "@opta/reach/testing/stand-in-accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { startTestDaemon, type TestDaemon } from "../../testing/daemon-in-process.ts";
import { joinHostFrom, type ReachBench } from "../../testing/reach-bench.ts";

let daemon: TestDaemon;
let reach: ReachBench;
let sessionId: string;

beforeAll(async () => {
	daemon = await startTestDaemon();
	sessionId = await daemon.createSession();
	reach = await joinHostFrom(daemon.home, daemon.client(), ["see"]);
});

afterAll(async () => {
	await daemon.close();
	await reach.close();
});

function openSocket(base: string, ticket: string, headers: Record<string, string> = {}): Promise<string> {
	return new Promise((resolve) => {
		const protocols = [daemonSocketProtocol, `${daemonSocketTokenPrefix}${ticket}`];
		const socket = new WebSocket(`${base.replace("http", "ws")}/v3/ws`, protocols, { headers });
		socket.on("open", () => {
			socket.close();
			resolve("open");
		});
		socket.on("unexpected-response", (_request, response) => resolve(String(response.statusCode)));
		socket.on("error", () => undefined);
	});
}

const now = (): number => Math.floor(Date.now() / 1000);

describe("passes over the link", () => {
	it.each<[string, () => Promise<string | null>]>([
		["nothing", async () => null],
		["the daemon's own token", async () => daemon.token],
		["a pass for another device", () => reach.accounts.devicePass({ claims: { aud: deviceAudience(randomUUID()) } })],
		["a pass for the host", () => reach.accounts.passes.make("owner", { claims: { iss: reach.accounts.origin } })],
		["a pass of another person", () => reach.accounts.devicePass({ claims: { sub: randomUUID() } })],
		["a pass of other accounts", () => reach.accounts.devicePass({ claims: { iss: "http://accounts.example:3003" } })],
		["an expired pass", () => reach.accounts.devicePass({ claims: { iat: now() - 120, exp: now() - 60 } })],
		["a pass that lives too long", () => reach.accounts.devicePass({ claims: { exp: now() + 3600 } })],
		["a ticket instead of a pass", () => reach.accounts.deviceTicket({ path: "/v3/health", origin: null })],
		["another token of accounts", () => reach.accounts.devicePass({ header: { typ: "JWT" } })],
	])("refuses %s, on every route alike", async (_what, proof) => {
		const shown = await proof();
		for (const path of ["/v3/health", "/v3/sessions", "/v3/nothing", "/v3/pair"]) {
			const answer = await reach.send(path, shown, path === "/v3/pair" ? { method: "POST" } : {});
			expect([answer.status, await answer.json()]).toEqual([401, { error: expect.objectContaining({ code: "invalid_pass" }) }]);
		}
	});

	it("takes a pass of its owner for this device, over the link and on loopback, whatever Host the link names", async () => {
		const pass = await reach.accounts.devicePass();
		expect((await reach.send("/v3/health", pass)).status).toBe(200);
		expect((await reach.send("/v3/sessions", pass)).status).toBe(200);
		expect((await reach.sendBeside(daemon.baseUrl, "/v3/sessions", pass)).status).toBe(200);
		const own = await reach.sendBeside(daemon.baseUrl, "/v3/status", pass);
		expect(await own.json()).toMatchObject({ reach: { host: { id: reach.host.hostId, name: "Mono512" } } });
	});

	it("never takes a header for what the connection is", async () => {
		const forged = { "x-forwarded-for": "127.0.0.1", host: "127.0.0.1:9999", "x-opta-role": "owner" };
		expect((await reach.send("/v3/sessions", daemon.token, { headers: forged })).status).toBe(401);
		expect((await reach.send("/v3/sessions", null, { method: "OPTIONS", headers: { origin: "http://localhost:5173" } })).status).toBe(401);
	});
});

describe("a host that relays", () => {
	const body = '{"sessionId":"unknown"}';
	const relayed = async (changes: Partial<ProvenRequest> = {}, proved = body, key?: StandInCredential["key"]) => {
		const pass = await reach.accounts.devicePass();
		const dpop = await reach.accounts.prove({ method: "POST", target: "/v3/permissions", pass, ...changes }, proved, key);
		const send = (headers: Record<string, string>) =>
			reach.send("/v3/permissions", pass, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
		return { dpop, send };
	};
	beforeAll(() => reach.allow("see", "approve"));
	afterAll(() => reach.allow("see"));

	it("brings what the person asked for, once", async () => {
		const { dpop, send } = await relayed();
		expect((await send({ dpop })).status).toBe(400);
		expect((await send({ dpop })).status).toBe(401);
	});

	it.each<[string, () => Promise<{ readonly dpop: string; readonly send: (headers: Record<string, string>) => Promise<Response> }>]>([
		["asks something else with the pass", async () => relayed({ target: "/v3/sessions" })],
		["asks with a query that was not there", async () => relayed({ target: "/v3/permissions?x=1" })],
		["asks by another method", async () => relayed({ method: "GET" })],
		["puts another body in", async () => relayed({}, '{"sessionId":"unknown" }')],
		["leaves the body to itself", async () => relayed({}, "")],
		["takes the proof of another pass", async () => relayed({ pass: await reach.accounts.devicePass() })],
		["takes the proof for another device", async () => relayed({ deviceId: randomUUID() })],
		["proves it with another key", async () => relayed({}, body, reach.accounts.credential.key)],
		["makes a proof up", async () => ({ ...(await relayed()), dpop: "made.up.x" })],
		["has no proof", async () => ({ ...(await relayed()), dpop: "" })],
	])("is refused where it %s", async (_what, relay) => {
		const { dpop, send } = await relay();
		const answer = await send({ dpop });
		expect([answer.status, await answer.json()]).toEqual([401, { error: expect.objectContaining({ code: "invalid_pass" }) }]);
	});

	it("cannot use a pass that names no key", async () => {
		const unbound = await reach.accounts.devicePass({ claims: { cnf: undefined } });
		expect((await reach.send("/v3/health", unbound)).status).toBe(401);
	});

	it("is told where a body is too large, before it is held whole", async () => {
		const pass = await reach.accounts.devicePass();
		const headers = { "content-type": "application/json" };
		const answer = await reach.send("/v3/permissions", pass, { method: "POST", headers, body: "x".repeat(9 * 1024 * 1024) });
		expect(answer.status).toBe(413);
		expect((await reach.send("/v3/health", pass)).status).toBe(200);
	});
});

describe("tickets", () => {
	const path = "/v3/ws";
	const origin = "https://lmx.optalocal.com";

	it("open the WebSocket once, for their path and origin alone", async () => {
		const { accounts, host } = reach;
		const ticket = await accounts.deviceTicket({ path, origin });
		expect(await openSocket(host.peerUrl, ticket)).toBe("401");
		expect(await openSocket(host.peerUrl, ticket, { origin: "https://evil.example" })).toBe("401");
		expect(await openSocket(host.peerUrl, ticket, { origin })).toBe("open");
		expect(await openSocket(host.peerUrl, ticket, { origin })).toBe("401");
		expect(await openSocket(host.peerUrl, await accounts.deviceTicket({ path: "/v3/other", origin }), { origin })).toBe("401");
		expect(await openSocket(host.peerUrl, await accounts.devicePass(), { origin })).toBe("401");
		expect(await openSocket(host.peerUrl, daemon.token)).toBe("401");
		expect(await openSocket(daemon.baseUrl, await accounts.deviceTicket({ path, origin }), { origin })).toBe("open");
	});
});

interface Described {
	readonly paths: Record<string, Record<string, unknown>>;
}

/** What each route needs to be allowed; `never` is for the computer alone. */
const classes: Readonly<Record<string, string>> = {
	"GET /v3/health": "see",
	"GET /v3/status": "see",
	"GET /v3/models": "see",
	"GET /v3/tools": "see",
	"GET /v3/openapi.json": "see",
	"GET /v3/sessions": "see",
	"GET /v3/sessions/{sessionId}": "see",
	"GET /v3/sessions/{sessionId}/diff": "see",
	"GET /v3/sessions/{sessionId}/export": "see",
	"GET /v3/sessions/{sessionId}/events": "see",
	"GET /v3/sessions/{sessionId}/stream": "see",
	"GET /v3/permissions": "see",
	"GET /v3/ws": "see",
	"POST /v3/permissions": "approve",
	"POST /v3/sessions/{sessionId}/cancel": "approve",
	"POST /v3/sessions": "turns",
	"PATCH /v3/sessions/{sessionId}": "turns",
	"DELETE /v3/sessions/{sessionId}": "turns",
	"POST /v3/sessions/{sessionId}/restore": "turns",
	"POST /v3/sessions/{sessionId}/fork": "turns",
	"POST /v3/sessions/{sessionId}/rewind": "turns",
	"POST /v3/sessions/{sessionId}/compact": "turns",
	"POST /v3/sessions/{sessionId}/turns": "turns",
	"POST /v1/chat": "turns",
	"POST /v3/sessions/import": "never",
	"GET /v3/config": "never",
	"PATCH /v3/config": "never",
	"POST /v3/pair": "never",
	"POST /v3/pair/code": "never",
	"GET /v3/clients": "never",
	"DELETE /v3/clients/{clientId}": "never",
	"POST /v3/vault/pull": "never",
	"POST /v3/shutdown": "never",
};

describe("what the owner allows", () => {
	const grants = ["see", "approve", "turns"] as const;

	it("names every route", async () => {
		const { paths } = (await (await daemon.send("/v3/openapi.json")).json()) as Described;
		const routes = Object.entries(paths).flatMap(([path, methods]) =>
			Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
		);
		expect(routes.toSorted()).toEqual(Object.keys(classes).toSorted());
	});

	it.each([{ allowed: [] }, ...grants.map((grant) => ({ allowed: [grant] }))])(
		"opens exactly the routes of $allowed",
		async ({ allowed }) => {
			await reach.allow(...allowed);
			const pass = await reach.accounts.devicePass();
			for (const [route, wanted] of Object.entries(classes)) {
				const [method = "", path = ""] = route.split(" ");
				const ended = new AbortController();
				const answer = await reach.send(path.replace(/\{\w+\}/, "unknown"), pass, {
					method,
					signal: ended.signal,
					...(method === "GET" ? {} : { headers: { "content-type": "application/json" }, body: '{"never":true}' }),
				});
				const isAllowed = (allowed as readonly string[]).includes(wanted);
				expect([route, answer.status === 403]).toEqual([route, !isAllowed]);
				if (!isAllowed) {
					const says = wanted === "never" ? "Do it on the computer itself" : `opta reach allow ${[...allowed, wanted].join(",")}`;
					expect(await answer.json()).toMatchObject({ error: { code: "forbidden", message: expect.stringContaining(says) } });
				}
				ended.abort();
			}
		},
	);

	it("lets nobody who may start turns answer approvals beforehand, or set the shell up", async () => {
		await reach.allow("see", "turns");
		const away = await reach.away();
		const { workspace } = daemon;
		expect(await away.createSession({ workspace, mode: "auto" })).toMatchObject({ ok: false, error: { code: "forbidden" } });
		expect(await away.updateSession(sessionId, { mode: "edit" })).toMatchObject({ ok: false, error: { code: "forbidden" } });
		expect(await away.createSession({ workspace, environment: { BASH_ENV: "/tmp/x" } })).toMatchObject({ error: { code: "forbidden" } });
		expect(await away.createSession({ workspace, mode: "ask" })).toMatchObject({ ok: true });
		await reach.allow("see", "approve", "turns");
		expect(await away.updateSession(sessionId, { mode: "edit" })).toMatchObject({ ok: true });
		expect(await away.answerPermission({ permissionId: "x", decision: "allow", scope: "project" })).toMatchObject({
			error: { code: "forbidden", message: expect.stringContaining("on the computer itself") },
		});
	});
});

it("logs who used what, and shows the last of it", async () => {
	await reach.allow("see");
	const pass = await reach.accounts.devicePass();
	const headers = { "x-request-id": "from-the-phone", "x-opta-client-name": "phone" };
	await reach.send("/v3/tools", pass, { headers });
	const use = { requestId: "from-the-phone", method: "GET", route: "/v3/tools", status: 200, clientName: "phone (from elsewhere)" };
	await expect
		.poll(async () => (await daemon.send("/v3/status")).json())
		.toMatchObject({ reach: { lastUses: expect.arrayContaining([expect.objectContaining(use)]) } });
});

it("takes no pass once the owner has switched it off", async () => {
	const pass = await reach.accounts.devicePass({ header: { typ: passType } });
	const [link] = reach.host.links.slice(-1);
	await daemon.client().patchConfig({ "reach.host": null });
	expect((await reach.sendBeside(daemon.baseUrl, "/v3/sessions", pass)).status).toBe(401);
	expect(await link!.ended).toMatchObject({ cause: "closed" });
});
