import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiUser } from "@opta/auth/api-user";
import { createPassCache, type PassTarget } from "@opta/auth/pass-cache";
import { errorBody } from "@opta/contracts/error-body";
import { localAddressing, siteOrigin } from "@opta/contracts/site-url";
import { afterEach, expect, it } from "vitest";
import { createDeviceSpeaker } from "./device-speaker.ts";
import type { DoorLookup } from "./find-door.ts";
import { forwardRequest, type HostRequest } from "./forward-request.ts";

const hostId = "0193f3a0-0000-7000-8000-000000000001";
const deviceId = "0193f3a0-0000-7000-8000-000000000002";
const session = `/peers/${deviceId}/v3/sessions/s1`;
const signedIn = { ok: true, session: { accessToken: "ada" } } as unknown as ApiUser;
const signedOut = {
	ok: false,
	response: Response.json(errorBody("session_expired", "Expired."), { status: 401 }),
} as unknown as ApiUser;

const closers: (() => void)[] = [];

afterEach(() => {
	for (const close of closers.splice(0)) {
		close();
	}
});

interface Scene {
	readonly status?: number;
	readonly user?: ApiUser;
	readonly door?: DoorLookup;
	/** What accounts refuses a pass for. */
	readonly refuse?: "host" | "device";
}

/** A door on a real port that answers with a status, and an accounts that counts its passes. */
async function setUp({ status = 200, user = signedIn, door, refuse }: Scene = {}) {
	const seen: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		seen.push(request);
		request.resume();
		response.writeHead(status, { "content-type": "application/json" }).end("{}");
	});
	closers.push(() => {
		server.closeAllConnections();
		server.close();
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const doorUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const given: string[] = [];
	const fetchPass = createPassCache(async (_token, target: PassTarget) => {
		const kind = "hostId" in target ? "host" : "device";
		if (kind === refuse) {
			return { ok: false, status: 404, body: errorBody("not_found", `No ${kind} of yours.`) };
		}
		given.push(`${kind}-pass-${given.length + 1}`);
		return { ok: true, pass: given.at(-1) ?? "", role: "owner", expiresAtMs: Date.now() + 60_000 };
	});
	const ask = (method: string, path: string, changes: Partial<HostRequest> & { readonly headers?: Record<string, string> } = {}) => {
		const headers = new Headers({ origin: siteOrigin(localAddressing, "lmx"), ...changes.headers });
		const body = method === "GET" ? null : new Blob(["{}"]).stream();
		const request = { method, headers, body, signal: new AbortController().signal };
		return forwardRequest(
			{ request, hostId, path, search: "", ...changes },
			{
				addressing: localAddressing,
				requireUser: async () => user,
				fetchPass,
				findDoor: async () => door ?? { state: "found", doorUrl },
				speaker: createDeviceSpeaker(),
			},
		);
	};
	return { seen, given, ask };
}

async function codeOf(response: Response): Promise<[number, string]> {
	return [response.status, (await response.json()).error.code];
}

it("brings a change of a session to its device with both passes and its query", async () => {
	const { seen, ask } = await setUp();
	expect((await ask("PATCH", session, { search: "?x=1&y=%2F" })).status).toBe(200);
	expect([seen[0]?.method, seen[0]?.url]).toEqual(["PATCH", `${session}?x=1&y=%2F`]);
	expect([seen[0]?.headers.authorization, seen[0]?.headers["x-opta-device-pass"]]).toEqual(["Bearer host-pass-1", "device-pass-2"]);
});

it("takes no pass for a device where none is asked", async () => {
	const { seen, given, ask } = await setUp();
	await ask("GET", "/peers", { headers: { "x-opta-device-id": deviceId } });
	expect(given).toEqual(["host-pass-1"]);
	expect(seen[0]?.headers).not.toHaveProperty("x-opta-device-pass");
});

it("brings a request for the daemon beside the host with the pass for the device that it names", async () => {
	const { seen, ask } = await setUp();
	await ask("GET", "/v3/sessions", { headers: { "x-opta-device-id": deviceId } });
	expect(seen[0]?.headers["x-opta-device-pass"]).toBe("device-pass-2");
	expect(await codeOf(await ask("GET", "/v3/sessions"))).toEqual([404, "not_found"]);
});

it("takes new passes, for the device too, after the ones that were sent were refused", async () => {
	const { seen, ask } = await setUp({ status: 401 });
	await ask("GET", session);
	await ask("GET", session);
	expect(seen.map(({ headers }) => [headers.authorization, headers["x-opta-device-pass"]])).toEqual([
		["Bearer host-pass-1", "device-pass-2"],
		["Bearer host-pass-3", "device-pass-4"],
	]);
});

it.each(["POST", "PATCH", "DELETE"])("refuses a %s that no page of the site sent, before anybody is asked", async (method) => {
	const { seen, given, ask } = await setUp();
	for (const origin of ["https://evil.example", "null", siteOrigin(localAddressing, "help")]) {
		expect(await codeOf(await ask(method, session, { headers: { origin } }))).toEqual([403, "foreign_origin"]);
	}
	expect([seen, given]).toEqual([[], []]);
});

it.each(["cross-site", "same-site", "none"])("gives no pass to a host for an address that a browser opens (%s)", async (site) => {
	const { seen, given, ask } = await setUp();
	expect(await codeOf(await ask("GET", session, { headers: { "sec-fetch-site": site } }))).toEqual([403, "foreign_origin"]);
	expect([seen, given]).toEqual([[], []]);
	expect((await ask("GET", session, { headers: { "sec-fetch-site": "same-origin" } })).status).toBe(200);
});

it.each([
	["an unknown route", "GET", "/metrics", {}],
	["a method that the route has not", "PUT", session, {}],
	["a path trick", "GET", `/peers/${deviceId}/v3/../../admin/status`, {}],
	["a device that is none", "GET", "/peers/laptop/v3/sessions", {}],
	["a host that is none", "GET", "/v1/models", { hostId: "mono512" }],
	["a query without end", "GET", "/v1/models", { search: `?${"x".repeat(10_000)}` }],
])("knows nothing of %s", async (_what, method, path, changes) => {
	const { seen, given, ask } = await setUp();
	expect(await codeOf(await ask(method, path, changes))).toEqual([404, "not_found"]);
	expect([seen, given]).toEqual([[], []]);
});

it("asks nobody for somebody who is signed out", async () => {
	const { seen, given, ask } = await setUp({ user: signedOut });
	expect(await codeOf(await ask("GET", session))).toEqual([401, "session_expired"]);
	expect([seen, given]).toEqual([[], []]);
});

it.each(["host", "device"] as const)("says what accounts says where it gives no pass for the %s", async (refuse) => {
	const { seen, ask } = await setUp({ refuse });
	expect(await (await ask("GET", session)).json()).toMatchObject({ error: { message: `No ${refuse} of yours.` } });
	expect(seen).toEqual([]);
});

it.each([
	["none", 502, "host_unreachable"],
	["unavailable", 503, "unavailable"],
] as const)("says where no door is known (%s)", async (state, status, code) => {
	const { ask } = await setUp({ door: { state } });
	expect(await codeOf(await ask("GET", session))).toEqual([status, code]);
});
