import type { InjectOptions } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RouteServer, startRouteServer } from "../../testing/route-server.ts";
import { type AccessRules, clientOf, guardAccess } from "./guard-access.ts";
import { hashKey, KeyRing } from "./key-ring.ts";

const page = "https://chat.example.com";

let server: RouteServer;
let rules: AccessRules;

const everything = { keys: new KeyRing(null, []), isAdminOpen: false, allowedHosts: [], corsOrigins: [] };
const withKeys = new KeyRing(hashKey("admin"), [{ name: "bot", sha256: hashKey("client") }]);

beforeEach(async () => {
	rules = { ...everything, keys: withKeys };
	const routes = Object.assign(
		(app: RouteServer["app"], _options: unknown, done: () => void) => {
			guardAccess(app, () => rules);
			for (const path of ["/healthz", "/v1/models", "/admin/status"]) {
				app.get(path, (request) => ({ client: clientOf(request) }));
			}
			app.post("/v1/chat/completions", () => ({}));
			done();
		},
		{ [Symbol.for("skip-override")]: true },
	);
	server = await startRouteServer(routes);
});

afterEach(() => server.close());

/** As another machine would ask: the socket's address is what counts. */
async function fromLan(url: string, headers: Record<string, string> = {}, options: InjectOptions = {}) {
	return server.app.inject({ url, remoteAddress: "192.168.1.9", headers: { host: "192.168.1.5:1234", ...headers }, ...options });
}

describe("guardAccess", () => {
	it("asks a program of this machine for no key", async () => {
		for (const path of ["/healthz", "/v1/models", "/admin/status"]) {
			expect((await server.ask(path)).status).toBe(200);
		}
	});

	it("asks other machines for keys, whatever their headers say of their address", async () => {
		expect((await fromLan("/healthz")).statusCode).toBe(200);
		const claims: Record<string, string>[] = [
			{},
			{ "x-forwarded-for": "127.0.0.1" },
			{ host: "localhost:1234" },
			{ "x-real-ip": "::1", forwarded: "for=127.0.0.1" },
		];
		for (const headers of claims) {
			for (const path of ["/v1/models", "/admin/status"]) {
				const refused = await fromLan(path, headers);
				expect(refused.statusCode).toBe(401);
				expect(refused.json()).toMatchObject({ error: { code: "unauthenticated" } });
				expect(refused.headers["www-authenticate"]).toContain("Bearer");
			}
		}
	});

	it("opens with the right key only", async () => {
		const status = async (path: string, headers: Record<string, string>): Promise<number> => (await fromLan(path, headers)).statusCode;
		expect(await status("/v1/models", { authorization: "Bearer client" })).toBe(200);
		expect(await status("/v1/models", { "x-api-key": "client" })).toBe(200);
		expect(await status("/v1/models", { authorization: "Bearer wrong" })).toBe(401);
		expect(await status("/admin/status", { authorization: "Bearer client" })).toBe(403);
		expect(await status("/admin/status", { authorization: "Bearer admin" })).toBe(200);
		expect(await status("/v1/models", { authorization: "Bearer admin" })).toBe(200);
	});

	it("leaves inference open on the LAN while there are no keys, to clients that send some key too", async () => {
		rules = { ...everything, keys: new KeyRing(hashKey("admin"), []) };
		for (let request = 0; request < 30; request++) {
			expect((await fromLan("/v1/models", { authorization: "Bearer sk-anything" })).statusCode).toBe(200);
		}
		expect((await fromLan("/admin/status")).statusCode).toBe(401);
	});

	it("opens the admin API when the configuration says so", async () => {
		rules = { ...rules, isAdminOpen: true };
		expect((await fromLan("/admin/status")).statusCode).toBe(200);
	});

	it("slows down who tries keys, and nobody else", async () => {
		for (let tries = 0; tries < 20; tries++) {
			await fromLan("/admin/status", { authorization: `Bearer ${tries}` });
		}
		const blocked = await fromLan("/admin/status", { authorization: "Bearer admin" });
		expect(blocked.statusCode).toBe(429);
		expect(Number(blocked.headers["retry-after"])).toBeGreaterThan(0);
		expect((await fromLan("/healthz")).statusCode).toBe(200);
		const other = await fromLan("/admin/status", { authorization: "Bearer admin" }, { remoteAddress: "192.168.1.10" });
		expect(other.statusCode).toBe(200);
	});

	it("knows clients by key, by the door's user, and by address", async () => {
		expect((await fromLan("/v1/models", { authorization: "Bearer client" })).json()).toEqual({ client: "key:bot" });
		rules = everything;
		expect((await fromLan("/v1/models", { "x-opta-user-id": "somebody" })).json()).toEqual({ client: "192.168.1.9" });
		const door = await server.ask("/v1/models", undefined, { headers: { "x-opta-user-id": "u1" } });
		expect(await door.json()).toEqual({ client: "user:u1" });
	});
});

describe("pages of other origins", () => {
	const preflight = (origin: string) =>
		server.ask("/v1/chat/completions", undefined, {
			method: "OPTIONS",
			headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type, authorization" },
		});

	it("are refused unless the configuration names them exactly", async () => {
		rules = { ...everything, corsOrigins: [page] };
		for (const origin of ["https://evil.example.com", `${page}.evil.com`, "http://chat.example.com", `${page}:8443`, "null"]) {
			expect((await preflight(origin)).status, origin).toBe(403);
			const refused = await server.ask("/v1/models", undefined, { headers: { origin } });
			expect(refused.status).toBe(403);
			expect(refused.headers.get("access-control-allow-origin")).toBeNull();
		}
	});

	it("may use inference when they are named, and learn nothing about credentials", async () => {
		rules = { ...everything, corsOrigins: [page] };
		const allowed = await preflight(page);
		expect(allowed.status).toBe(204);
		expect(allowed.headers.get("access-control-allow-origin")).toBe(page);
		expect(allowed.headers.get("access-control-allow-headers")).toContain("authorization");
		expect(allowed.headers.get("access-control-allow-methods")).toContain("POST");
		expect(allowed.headers.get("access-control-allow-credentials")).toBeNull();
		expect(allowed.headers.get("vary")).toBe("origin");
		const models = await server.ask("/v1/models", undefined, { headers: { origin: page } });
		expect(models.status).toBe(200);
		expect(models.headers.get("access-control-allow-origin")).toBe(page);
	});

	it("need the admin key for the admin API, also on this machine", async () => {
		rules = { ...everything, keys: withKeys, corsOrigins: [page] };
		const ask = async (headers: Record<string, string>): Promise<number> =>
			(await server.ask("/admin/status", undefined, { headers: { origin: page, ...headers } })).status;
		expect(await ask({})).toBe(401);
		expect(await ask({ authorization: "Bearer admin" })).toBe(200);
	});
});
