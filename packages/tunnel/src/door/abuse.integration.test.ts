import { randomUUID } from "node:crypto";
import { chatSocketProtocol, devicePassHeader } from "@opta/contracts/reach";
import { exportSPKI, generateKeyPair, importJWK, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DoorBench, openDoorBench } from "../testing/door-bench.ts";

let bench: DoorBench;
let pass: string;
beforeAll(async () => {
	bench = await openDoorBench({ allowedHosts: ["mono512.example.com"] });
});
beforeEach(async () => {
	pass = await bench.passes.make("owner");
	bench.received.length = 0;
});
afterAll(() => bench.close());

function codeOf(body: string): string {
	return JSON.parse(body).error.code;
}

describe("a request without a valid pass", () => {
	it("learns nothing about routes: every path gives the same answer", async () => {
		const answers = await Promise.all(
			["/healthz", "/nothing", "/admin/", "/v1/chat/completions", "/../etc"].map((path) => bench.send({ path })),
		);
		expect(new Set(answers.map((answer) => `${answer.status} ${answer.body}`)).size).toBe(1);
		expect(answers[0]?.status).toBe(401);
	});

	const bad: [string, () => Promise<Record<string, string | string[]>>][] = [
		[
			"signed by another key",
			async () => ({ authorization: `Bearer ${await bench.passes.make("owner", { key: (await generateKeyPair("ES256")).privateKey })}` }),
		],
		[
			"expired",
			async () => ({ authorization: `Bearer ${await bench.passes.make("owner", { claims: { iat: 1_700_000_000, exp: 1_700_000_060 } })}` }),
		],
		["by nobody (alg none)", async () => ({ authorization: `Bearer ${new UnsecuredJWT({ role: "owner" }).encode()}AA` })],
		[
			"HS256 with the public key as secret",
			async () => {
				const spki = await exportSPKI((await importJWK(bench.passes.publicJwk, "ES256")) as Parameters<typeof exportSPKI>[0]);
				const made = await bench.passes.make("owner", { header: { alg: "HS256" }, key: new TextEncoder().encode(spki) });
				return { authorization: `Bearer ${made}` };
			},
		],
		["that is a ticket", async () => ({ authorization: `Bearer ${await bench.passes.makeTicket({ path: "/healthz", origin: null })}` })],
		["for a device", async () => ({ authorization: `Bearer ${await bench.passes.makeFor(`device:${randomUUID()}`, "owner")}` })],
		["where the one for a device belongs", async () => ({ [devicePassHeader]: pass })],
		["for another host", async () => ({ authorization: `Bearer ${await bench.passes.make("owner", { claims: { aud: "host:other" } })}` })],
		["under another scheme", async () => ({ authorization: `Basic ${pass}` })],
		["twice, a good one first", async () => ({ authorization: [`Bearer ${pass}`, "Bearer a.b.c"] })],
		["twice, a good one last", async () => ({ authorization: ["Bearer a.b.c", `Bearer ${pass}`] })],
		["with words after it", async () => ({ authorization: `Bearer ${pass}, Bearer a.b.c` })],
		["in a cookie", async () => ({ cookie: `authorization=Bearer ${pass}` })],
		[
			"in another header",
			async () => ({ "proxy-authorization": `Bearer ${pass}`, "x-opta-role": "owner", "cf-access-jwt-assertion": pass }),
		],
	];
	it.each(bad)("is refused: a pass %s", async (_name, headers) => {
		const answer = await bench.send({ headers: await headers() });
		expect([answer.status, codeOf(answer.body)]).toEqual([401, "invalid_pass"]);
		expect(bench.received).toEqual([]);
	});

	it("is refused: a pass in the query", async () => {
		expect((await bench.send({ path: `/healthz?access_token=${pass}` })).status).toBe(401);
	});
});

describe("a path that only resembles a route", () => {
	it.each([
		"//healthz",
		"/healthz/",
		"/healthz//",
		"/./healthz",
		"/x/../healthz",
		"/healthz/..",
		"/%68ealthz",
		"/healthz%00",
		"/healthz%2f",
		"/v1%2fmodels",
		"/v1%2Fmodels",
		"/v1%252fmodels",
		"/v1\\models",
		"/v1/models/..%2f..%2fadmin%2fstatus",
		"/v1/models;x=1",
		"/v1/models#x",
		"/HEALTHZ",
		"/V1/models",
		"/admin/Status",
		"/admin/models/load",
		"/v1/chat/completions/",
		"/peers/",
		"/peers/a",
		"/peers/a/v3",
		"/peers/a/v3/",
		"/peers/a/v3//sessions",
		"/peers/a/v3/../v1/models",
		"/peers/../v3/sessions",
		"/peers/%2e%2e/v3/sessions",
		"/peers/a%2fb/v3/sessions",
		"/peers/a/V3/sessions",
		"/Peers",
		"/peers//v3/sessions",
		"/v3/../admin/status",
		"/v3/%2e%2e/admin/status",
		"/v3//sessions",
		"/self",
		"http://127.0.0.1:1234/healthz",
		"*",
		"/",
	])("%s is not found", async (path) => {
		const answer = await bench.send({ path, pass });
		expect([answer.status, codeOf(answer.body)]).toEqual([404, "not_found"]);
		expect(bench.received).toEqual([]);
	});

	it.each(["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "POST"])("%s on a GET route is not found", async (method) => {
		expect((await bench.send({ method, pass })).status).toBe(404);
		expect(bench.received).toEqual([]);
	});

	it("a query changes no route", async () => {
		expect((await bench.send({ path: "/v1/models?x=/../admin", pass })).status).toBe(200);
		expect(bench.received[0]?.target).toBe("/v1/models?x=/../admin");
	});
});

describe("headers of the client", () => {
	it("reach the target only when they are on the list; who the client is comes from the pass alone", async () => {
		const sub = "0192f0c1-2345-7abc-8def-0123456789ab";
		const answer = await bench.send({
			method: "POST",
			path: "/v1/chat/completions",
			pass: await bench.passes.make("user", { claims: { sub } }),
			body: "{}",
			headers: {
				"content-type": "application/json",
				accept: "text/event-stream",
				cookie: "__Secure-opta-session=secret",
				"x-forwarded-for": "127.0.0.1",
				"x-forwarded-host": "evil.com",
				forwarded: "for=127.0.0.1",
				"cf-connecting-ip": "127.0.0.1",
				"cf-access-jwt-assertion": "a.b.c",
				"x-opta-role": "owner",
				"x-opta-user-id": "somebody else",
				"x-api-key": "secret",
				"x-request-id": "not a uuid",
				connection: "keep-alive, x-opta-role",
				te: "trailers",
				upgrade: "websocket",
				"x-http-method-override": "DELETE",
				"accept-encoding": "gzip",
			},
		});
		expect(answer.status).toBe(200);
		const {
			host,
			"x-request-id": requestId,
			"transfer-encoding": _framing,
			"content-length": _length,
			...headers
		} = bench.received[0]!.headers;
		expect(headers).toEqual({
			accept: "text/event-stream",
			"content-type": "application/json",
			connection: "keep-alive",
			"x-opta-role": "user",
			"x-opta-user-id": sub,
		});
		expect(host).toMatch(/^127\.0\.0\.1:\d+$/);
		expect(requestId).toMatch(/^[\da-f-]{36}$/);
		expect(answer.headers["x-request-id"]).toBe(requestId);
	});

	it("carry a request id through", async () => {
		const requestId = "0192f0c1-2345-7abc-8def-0123456789ab";
		const answer = await bench.send({ pass, headers: { "x-request-id": requestId } });
		expect([bench.received[0]?.headers["x-request-id"], answer.headers["x-request-id"]]).toEqual([requestId, requestId]);
	});

	it("bring one pass for the device, not two and not something else", async () => {
		const device = await bench.joinDevice();
		const { authorization = "", [devicePassHeader]: devicePass = "" } = await device.headers();
		for (const sent of [[devicePass, "a.b.c"], [devicePass, devicePass], `${devicePass}, a.b.c`, `Bearer ${devicePass}`, "", "x"]) {
			const answer = await bench.send({ path: device.path("/v3/sessions"), headers: { authorization, [devicePassHeader]: sent } });
			expect([answer.status, codeOf(answer.body)]).toEqual([401, "invalid_pass"]);
		}
		expect(device.daemon.received).toEqual([]);
	});

	it("name a host that the door answers to at this moment", async () => {
		const named = async (host: string) => (await bench.send({ pass, headers: { host } })).status;
		expect(await named("quick-one.trycloudflare.com")).toBe(403);
		bench.publicHosts.add("quick-one.trycloudflare.com");
		expect(await named("quick-one.trycloudflare.com")).toBe(200);
		bench.publicHosts.delete("quick-one.trycloudflare.com");
		expect(await named("quick-one.trycloudflare.com")).toBe(403);
	});

	it("name a host that the door answers to", async () => {
		expect((await bench.send({ pass, headers: { host: "mono512.example.com" } })).status).toBe(200);
		const rebound = await bench.send({ pass, headers: { host: "evil.com" } });
		expect([rebound.status, codeOf(rebound.body)]).toEqual([403, "foreign_origin"]);
	});

	it.each(["http://lmx.optalocal.localhost:3004", "https://evil.com", "null"])("bring no origin of a page: %s", async (origin) => {
		const answer = await bench.send({ pass, headers: { origin } });
		expect([answer.status, codeOf(answer.body)]).toEqual([403, "foreign_origin"]);
		expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
	});
});

describe("headers of the target", () => {
	it("reach the client only when they are on the list", async () => {
		bench.answerWith((_request, response) =>
			response
				.writeHead(302, {
					location: "http://evil.com",
					"set-cookie": "a=b",
					server: "lmx",
					"access-control-allow-origin": "*",
					"retry-after": "3",
					"x-opta-role": "owner",
				})
				.end("moved"),
		);
		const { status, headers } = await bench.send({ pass });
		expect(status).toBe(302);
		expect(Object.keys(headers).sort()).toEqual(
			["cache-control", "connection", "date", "retry-after", "transfer-encoding", "x-content-type-options", "x-request-id"].sort(),
		);
	});
});

describe("a host that calls itself", () => {
	it("is known by a number that it used once; nobody else finds anything there", async () => {
		const nonce = bench.nonces.issue();
		const call = () => bench.send({ path: "/self", headers: { authorization: `Bearer ${nonce}` } });
		expect((await call()).status).toBe(204);
		expect((await call()).status).toBe(401);
		expect((await bench.send({ path: "/healthz", headers: { authorization: `Bearer ${bench.nonces.issue()}` } })).status).toBe(401);
	});
});

describe("a door behind Cloudflare Access", () => {
	it("asks it before anything else, of requests and of WebSockets", async () => {
		const guarded = await openDoorBench({ verifyAccess: async (lines) => (lines?.[0] === "good" ? null : "no token of Access") });
		const good = { "cf-access-jwt-assertion": "good" };
		const made = await guarded.passes.make("viewer");
		const path = "/v1/chat/stream";
		const dial = async (headers: Record<string, string>) => {
			const ticket = await guarded.passes.makeTicket({ path, origin: null }, { claims: { role: "user" } });
			return guarded.openSocket({ path, ticket, protocols: [chatSocketProtocol], headers });
		};
		expect((await guarded.send({ pass: made })).status).toBe(401);
		expect((await guarded.send({ pass: made, headers: good })).status).toBe(200);
		expect((await guarded.send({ headers: good })).status).toBe(401);
		expect(await dial({})).toMatchObject({ ok: false, status: 401 });
		expect(await dial(good)).toMatchObject({ ok: true });
		expect(guarded.received[0]?.headers["cf-access-jwt-assertion"]).toBeUndefined();
		await guarded.close();
	});
});

describe("the log", () => {
	it("says why a pass was refused, and never holds a pass or a query", async () => {
		await bench.send({ path: `/healthz?token=${pass}`, pass });
		await bench.send({ pass: `${pass.slice(0, -4)}AAAA` });
		expect(bench.logs.at(-1)).toMatchObject({ status: 401, reason: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
		const [, payload = "", signature = ""] = pass.split(".");
		const everything = JSON.stringify(bench.logs);
		expect(everything).not.toContain(payload);
		expect(everything).not.toContain(signature);
		expect(everything).not.toContain("token=");
	});
});
