import { request } from "node:http";
import { daemonSocketProtocol, daemonSocketTokenPrefix } from "@opta/contracts/daemon-protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { startTestDaemon, type TestDaemon } from "../../testing/daemon-in-process.ts";

let daemon: TestDaemon;

beforeAll(async () => {
	daemon = await startTestDaemon();
});

afterAll(() => daemon.close());

/** Node's own client, since `fetch` writes `Host` and `Origin` as it likes. */
function ask(path: string, headers: Record<string, string>, method = "GET"): Promise<{ status: number; body: string }> {
	return new Promise((resolve, reject) => {
		const sent = request(`${daemon.baseUrl}${path}`, { method, headers }, (response) => {
			let body = "";
			response.on("data", (data) => {
				body += data;
			});
			response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
		});
		sent.on("error", reject);
		sent.end();
	});
}

function openSocket(protocols: string[], headers: Record<string, string> = {}): Promise<string> {
	return new Promise((resolve) => {
		const socket = new WebSocket(`${daemon.baseUrl.replace("http", "ws")}/v3/ws`, protocols, { headers });
		socket.on("open", () => {
			socket.close();
			resolve(`open ${socket.protocol}`);
		});
		socket.on("unexpected-response", (_request, response) => resolve(String(response.statusCode)));
		socket.on("error", () => undefined);
	});
}

interface Operation {
	readonly security: readonly unknown[];
}

describe("the daemon's door", () => {
	it("answers everything but health with 401 where there is no token, without saying which routes there are", async () => {
		const document = (await (await daemon.send("/v3/openapi.json")).json()) as { paths: Record<string, Record<string, Operation>> };
		const answers = new Map<string, Set<string>>();
		for (const [path, operations] of Object.entries(document.paths)) {
			for (const [method, { security }] of Object.entries(operations)) {
				const { status, body } = await ask(path.replaceAll(/\{\w+\}/g, "x"), { "content-type": "application/json" }, method.toUpperCase());
				if (security.length === 0) {
					expect(status).not.toBe(401);
				} else {
					answers.set(`${status}`, (answers.get(`${status}`) ?? new Set()).add(body));
				}
			}
		}
		const unknown = await ask("/v3/nothing", {});
		const wrong = await ask("/v3/status", { authorization: "Bearer wrong" });
		expect([...answers.keys()]).toEqual(["401"]);
		expect([...(answers.get("401") ?? [])]).toEqual([unknown.body]);
		expect(wrong).toEqual(unknown);
		expect(JSON.parse(unknown.body)).toEqual({
			error: { code: "unauthenticated", message: "A valid token is needed.", type: "authentication_error" },
		});
	});

	it("tells anybody on this computer that it is a daemon, and its build, and nothing else", async () => {
		const { status, body } = await ask("/v3/health", {});
		expect(status).toBe(200);
		expect(JSON.parse(body)).toEqual({
			service: "opta-daemon",
			build: "0.1.0",
			api: { lmx: 1, daemon: 3, gateway: 3 },
			oldestApi: { daemon: 3 },
		});
	});

	it("refuses foreign names and pages with 403, also with the right token and on the WebSocket", async () => {
		const authorization = `Bearer ${daemon.token}`;
		const protocols = [daemonSocketProtocol, `${daemonSocketTokenPrefix}${daemon.token}`];
		expect((await ask("/v3/health", { host: "evil.example" })).status).toBe(403);
		expect((await ask("/v3/sessions", { authorization, host: "evil.example:9999" })).status).toBe(403);
		expect((await ask("/v3/sessions", { authorization, origin: "https://evil.example" })).status).toBe(403);
		expect((await ask("/v3/sessions", { origin: "https://evil.example" }, "OPTIONS")).status).toBe(403);
		expect(await openSocket(protocols, { origin: "https://evil.example" })).toBe("403");
		expect(await openSocket([daemonSocketProtocol, `${daemonSocketTokenPrefix}wrong`])).toBe("401");
		expect(await openSocket([daemonSocketProtocol])).toBe("401");
		expect(await openSocket(protocols)).toBe(`open ${daemonSocketProtocol}`);
	});

	it("pairs a page with a code, once, and forgets it when it is revoked", async () => {
		const origin = "http://localhost:5173";
		const json = { "content-type": "application/json" };
		const pair = (code: string) =>
			daemon.send("/v3/pair", { method: "POST", headers: { ...json, origin }, body: JSON.stringify({ code, name: "Desk" }) });
		expect((await pair("ABCD-EFGH")).status).toBe(403);
		const { code } = (await (await daemon.send("/v3/pair/code", { method: "POST" })).json()) as { code: string };
		expect((await ask("/v3/pair", { origin }, "OPTIONS")).status).toBe(204);
		const paired = await pair(code);
		expect(paired.status).toBe(201);
		expect(paired.headers.get("access-control-allow-origin")).toBe(origin);
		const { token, clientId } = (await paired.json()) as { token: string; clientId: string };
		const authorization = `Bearer ${token}`;
		expect((await pair(code)).status).toBe(400);
		expect((await ask("/v3/sessions", { authorization, origin })).status).toBe(200);
		expect((await ask("/v3/sessions", { origin }, "OPTIONS")).status).toBe(204);
		expect((await ask("/v3/sessions", { authorization, origin: "http://localhost:5174" })).status).toBe(403);
		expect((await ask("/v3/shutdown", { authorization, origin }, "POST")).status).toBe(403);
		expect((await ask("/v3/clients", { authorization, origin })).status).toBe(403);
		await daemon.restart();
		expect((await ask("/v3/sessions", { authorization, origin })).status).toBe(200);
		expect((await daemon.send(`/v3/clients/${clientId}`, { method: "DELETE" })).status).toBe(200);
		expect((await ask("/v3/sessions", { authorization })).status).toBe(401);
		expect((await ask("/v3/sessions", { authorization, origin })).status).toBe(403);
	});
});

describe("requests that make no sense", () => {
	it.each([
		["POST", "/v3/sessions", "{", 400, "The request body is not valid JSON."],
		["POST", "/v3/sessions", "{}", 400, /^The parameter "workspace" is not valid/],
		["POST", "/v3/sessions", '{"workspace":"/","x":1}', 400, 'There is no parameter "x". Remove it, or check its spelling.'],
		["GET", "/v3/sessions?limit=0", undefined, 400, /^The parameter "limit" is not valid/],
		["GET", "/v3/sessions/unknown", undefined, 404, /./],
		["GET", "/v3/nothing", undefined, 404, /^There is no such route/],
		["GET", "/v3/ws", undefined, 400, /^This route is a WebSocket/],
		["PATCH", "/v3/config", '{"agent.maxSteps":"many"}', 400, /"agent\.maxSteps" is not valid/],
	])("%s %s %j", async (method, path, body, status, message) => {
		const answer = await daemon.send(path, {
			method,
			headers: { "content-type": "application/json" },
			...(body === undefined ? {} : { body }),
		});
		const { error } = (await answer.json()) as { error: { message: string } };
		expect(answer.status).toBe(status);
		expect(error.message).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
	});

	it("refuses a body that is too large", async () => {
		const body = JSON.stringify({ workspace: "x".repeat(9 * 1024 * 1024) });
		const answer = await daemon.send("/v3/sessions", { method: "POST", headers: { "content-type": "application/json" }, body });
		expect(answer.status).toBe(413);
	});
});

describe("the configuration over HTTP", () => {
	it("names the variables of MCP servers and hides their values", async () => {
		const client = daemon.client();
		await client.patchConfig({ "mcp.notes": { command: "notes", env: { NOTES_TOKEN: "very-secret" }, enabled: false } });
		const shown = await client.readConfig();
		expect(shown).toMatchObject({
			ok: true,
			value: { config: { mcp: { notes: { command: "notes", env: { NOTES_TOKEN: "[hidden]" } } } } },
		});
		expect(JSON.stringify(shown)).not.toContain("very-secret");
	});

	it("shows what holds without the admin key, and changes the user's file", async () => {
		const client = daemon.client();
		await client.patchConfig({ "connection.adminKey": "0123456789", "agent.maxSteps": 7 });
		const changed = await client.readConfig();
		expect(changed).toMatchObject({ ok: true, value: { hasAdminKey: true, config: { agent: { maxSteps: 7 } } } });
		expect(JSON.stringify(changed)).not.toContain("0123456789");
		expect(await client.patchConfig({ "agent.maxSteps": null })).toMatchObject({
			ok: true,
			value: { config: { agent: { maxSteps: 50 } } },
		});
	});
});
