import { once } from "node:events";
import { type DoorTarget, doorRoutes, doorSockets } from "@opta/contracts/door-routes";
import { hostRoles } from "@opta/contracts/roles";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BenchDevice } from "../testing/bench-device.ts";
import { type DoorBench, openDoorBench } from "../testing/door-bench.ts";
import type { ReceivedRequest } from "../testing/stand-in-server.ts";

const everybody = ["viewer", "user", "operator", "owner"];
const usersUp = ["user", "operator", "owner"];
const operatorsUp = ["operator", "owner"];

/** Written out by hand, so that a change of the table in contracts is noticed here. */
const opens: Readonly<Record<string, readonly string[]>> = {
	"GET /healthz": everybody,
	"GET /readyz": everybody,
	"GET /v1/models": everybody,
	"GET /v1/models/:id": everybody,
	"GET /admin/status": everybody,
	"GET /admin/health": everybody,
	"GET /admin/models": everybody,
	"GET /admin/events": everybody,
	"GET /admin/presets": everybody,
	"GET /admin/presets/:name": everybody,
	"GET /admin/skills": everybody,
	"GET /admin/downloads": everybody,
	"GET /admin/downloads/:id": everybody,
	"GET /admin/quantize": everybody,
	"GET /admin/quantize/:id": everybody,
	"GET /admin/bench": everybody,
	"GET /admin/bench/:id": everybody,
	"POST /v1/chat/completions": usersUp,
	"POST /v1/completions": usersUp,
	"POST /v1/embeddings": usersUp,
	"POST /v1/rerank": usersUp,
	"POST /v1/responses": usersUp,
	"POST /v1/responses/input_tokens": usersUp,
	"GET /v1/responses/:id": usersUp,
	"DELETE /v1/responses/:id": usersUp,
	"POST /v1/messages": usersUp,
	"POST /v1/messages/count_tokens": usersUp,
	"POST /tokenize": usersUp,
	"POST /detokenize": usersUp,
	"POST /apply-template": usersUp,
	"POST /admin/models/load": operatorsUp,
	"POST /admin/models/unload": operatorsUp,
	"POST /admin/models/estimate": operatorsUp,
	"POST /admin/models/download": operatorsUp,
	"POST /admin/model/download": operatorsUp,
	"DELETE /admin/models/:id": operatorsUp,
	"POST /admin/downloads": operatorsUp,
	"POST /admin/downloads/:id/pause": operatorsUp,
	"POST /admin/downloads/:id/resume": operatorsUp,
	"POST /admin/downloads/:id/cancel": operatorsUp,
	"POST /admin/quantize": operatorsUp,
	"POST /admin/quantize/:id/pause": operatorsUp,
	"POST /admin/quantize/:id/resume": operatorsUp,
	"POST /admin/quantize/:id/cancel": operatorsUp,
	"POST /admin/bench": operatorsUp,
	"POST /admin/bench/:id/pause": operatorsUp,
	"POST /admin/bench/:id/resume": operatorsUp,
	"POST /admin/bench/:id/cancel": operatorsUp,
	"PUT /admin/presets/:name": operatorsUp,
	"DELETE /admin/presets/:name": operatorsUp,
	"GET /admin/logs": operatorsUp,
	"POST /admin/config/reload": operatorsUp,
	"GET /peers": everybody,
	"GET /admin/doctor": everybody,
	"GET /peers/:deviceId/v3/*": everybody,
	"POST /peers/:deviceId/v3/*": everybody,
	"PATCH /peers/:deviceId/v3/*": everybody,
	"DELETE /peers/:deviceId/v3/*": everybody,
	"GET /v3/*": everybody,
	"POST /v3/*": everybody,
	"PATCH /v3/*": everybody,
	"DELETE /v3/*": everybody,
	"POST /v1/chat": everybody,
};

/** The same for WebSockets: the protocol that is spoken there comes first. */
const socketsOpen: Readonly<Record<string, readonly [protocol: string, roles: readonly string[]]>> = {
	"/v1/chat/stream": ["opta.chat.v1", usersUp],
	"/link": ["opta.link.v1", everybody],
	"/peers/:deviceId/v3/ws": ["opta.daemon.v3", everybody],
	"/v3/ws": ["opta.daemon.v3", everybody],
};

let bench: DoorBench;
let device: BenchDevice;
beforeAll(async () => {
	bench = await openDoorBench();
	device = await bench.joinDevice();
});
afterAll(() => bench.close());

/** A path of the route, with a name where one belongs. */
function sampleOf(path: string): string {
	return path.replace(":deviceId", device.deviceId).replace("*", "sessions/some.Name-1").replaceAll(/:\w+/g, "some.Name-1");
}

/** Who is asked behind the door, and for which path; null where the door answers itself. */
function behind(target: DoorTarget, path: string): { readonly received: readonly ReceivedRequest[]; readonly path: string } | null {
	const { received } = { lmx: bench.lmx, daemon: bench.daemon, peer: device.daemon, door: { received: null } }[target];
	return received === null ? null : { received, path: path.replace(`/peers/${device.deviceId}`, "") };
}

function everythingReceived(): number {
	return [bench.lmx, bench.daemon, device.daemon].reduce((count, { received }) => count + received.length, 0);
}

describe("every route of the door", () => {
	it("is in the table of this test", () => {
		expect(doorRoutes.map((route) => `${route.method} ${route.path}`).sort()).toEqual(Object.keys(opens).sort());
	});

	const cases = doorRoutes.flatMap((route) => hostRoles.map((role) => [role, route.method, route.path, route.target] as const));
	it.each(cases)("%s: %s %s", async (role, method, pattern, target) => {
		const before = everythingReceived();
		const path = sampleOf(pattern);
		const headers = {
			...(await device.headers()),
			...(method === "GET" || method === "DELETE" ? {} : { "content-type": "application/json" }),
		};
		const pass = await bench.passes.make(role, { claims: { sub: device.sub } });
		const body = method === "GET" || method === "DELETE" ? {} : { body: "{}" };
		const answer = await bench.send({ method, path, headers: { ...headers, authorization: `Bearer ${pass}` }, ...body });
		if (!opens[`${method} ${pattern}`]?.includes(role)) {
			expect(answer.status).toBe(403);
			expect(JSON.parse(answer.body).error).toMatchObject({ code: "forbidden", type: "permission_error" });
			expect(everythingReceived()).toBe(before);
			return;
		}
		expect(answer.status).toBe(200);
		const asked = behind(target, path);
		if (asked === null) {
			expect(answer.body).toMatch(/"peers":\[\{"deviceId"|"build":"1 devices"/);
			expect(everythingReceived()).toBe(before);
			return;
		}
		expect(answer.body).toBe('{"ok":true}');
		expect(everythingReceived()).toBe(before + 1);
		expect(asked.received.at(-1)).toMatchObject({ method, target: asked.path });
		expect(asked.received.at(-1)?.headers["x-opta-role"]).toBe(target === "lmx" ? role : undefined);
	});

	it.each(doorRoutes.map((route) => [route.method, route.path] as const))("refuses %s %s without a pass", async (method, path) => {
		const before = everythingReceived();
		const answer = await bench.send({ method, path: sampleOf(path) });
		expect(answer.status).toBe(401);
		expect(answer.headers["www-authenticate"]).toBe("Bearer");
		expect(JSON.parse(answer.body).error.code).toBe("invalid_pass");
		expect(everythingReceived()).toBe(before);
	});
});

describe("every WebSocket of the door", () => {
	it("is in the table of this test", () => {
		expect(doorSockets.map(({ path }) => path).sort()).toEqual(Object.keys(socketsOpen).sort());
	});

	const cases = doorSockets.flatMap(({ path, target }) => hostRoles.map((role) => [role, path, target] as const));
	it.each(cases)("%s: %s", async (role, pattern, target) => {
		const before = everythingReceived();
		const path = sampleOf(pattern);
		const [protocol = "", roles = []] = socketsOpen[pattern] ?? [];
		const ticket = await bench.passes.makeTicket({ path, origin: null }, { claims: { role, sub: device.sub } });
		const deviceTicket = await bench.passes.makeTicket({ path: "/v3/ws", origin: null }, { claims: { aud: `device:${device.deviceId}` } });
		const answer = await bench.openSocket({ path, ticket, deviceTicket, protocols: [protocol] });
		const asked = behind(target, path);
		if (!roles.includes(role) || asked === null) {
			// A link needs a ticket of a device beside the role: another one is told so.
			expect(answer).toMatchObject({ ok: false, status: 403, code: "forbidden" });
			expect(everythingReceived()).toBe(before);
			return;
		}
		if (!answer.ok) {
			throw new Error(`refused with ${answer.status} ${answer.code}`);
		}
		expect(answer.socket.protocol).toBe(protocol);
		answer.socket.send("zwölf");
		expect(String((await once(answer.socket, "message"))[0])).toBe("zwölf");
		const { headers } = asked.received.at(-1)!;
		expect(asked.received.at(-1)).toMatchObject({ method: "GET", target: asked.path });
		expect(headers["sec-websocket-protocol"]).toBe(target === "lmx" ? protocol : `${protocol}, opta.token.${deviceTicket}`);
		expect([headers["x-opta-role"], headers["x-opta-user-id"]]).toEqual(target === "lmx" ? [role, device.sub] : [undefined, undefined]);
		expect(JSON.stringify(headers)).not.toContain(ticket);
		answer.socket.close();
		await once(answer.socket, "close");
	});

	it.each(doorSockets.map(({ path }) => path))("refuses %s without a ticket, and with a pass instead", async (pattern) => {
		const path = sampleOf(pattern);
		const refused = { ok: false, status: 401, code: "invalid_pass" };
		const protocols = [socketsOpen[pattern]![0]];
		expect(await bench.openSocket({ path, protocols })).toMatchObject(refused);
		const pass = await bench.passes.make("owner");
		expect(await bench.openSocket({ path, protocols, ticket: pass })).toMatchObject(refused);
		expect(await bench.openSocket({ path, protocols, headers: { authorization: `Bearer ${pass}` } })).toMatchObject(refused);
		expect((await bench.send({ path, pass, headers: await device.headers() })).status).not.toBe(101);
	});
});
