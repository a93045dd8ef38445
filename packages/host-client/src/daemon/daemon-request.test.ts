import { errorBody } from "@opta/contracts/error-body";
import { expect, it, vi } from "vitest";
import { createDaemonClient } from "./create-daemon-client.ts";

const place = { baseUrl: "/api/host/h/peers/d", token: () => null, clientId: "c", clientName: "phone" };

it("asks once more after the site's session was renewed, once for all requests that met its end", async () => {
	let isExpired = true;
	const recoverSession = vi.fn(async () => {
		isExpired = false;
		return true;
	});
	const fetch = vi.fn(async () =>
		isExpired ? Response.json(errorBody("session_expired", "Expired."), { status: 401 }) : Response.json({ status: "ok" }),
	);
	const client = createDaemonClient({ ...place, fetch, recoverSession });
	const answers = await Promise.all([client.health(), client.models()]);
	expect(answers).toEqual([
		{ ok: true, value: { status: "ok" } },
		{ ok: true, value: { status: "ok" } },
	]);
	expect(recoverSession).toHaveBeenCalledTimes(1);
	expect(fetch).toHaveBeenCalledTimes(4);
});

it("hands the end of a session on when it cannot be renewed", async () => {
	const fetch = vi.fn(async () => Response.json(errorBody("session_expired", "Expired."), { status: 401 }));
	const client = createDaemonClient({ ...place, fetch, recoverSession: async () => false });
	expect(await client.health()).toMatchObject({ ok: false, error: { code: "session_expired" } });
	expect(fetch).toHaveBeenCalledTimes(1);
});

it("follows by events alone, and opens no WebSocket, where that is the transport", async () => {
	const sockets = vi.fn();
	vi.stubGlobal("WebSocket", sockets);
	const leave = new AbortController();
	const asked: string[] = [];
	const fetch = async (url: RequestInfo | URL) => {
		asked.push(String(url));
		if (asked.length === 4) {
			leave.abort();
		}
		return String(url).endsWith("/stream") ? new Response("", { status: 502 }) : Response.json({ lastEventId: "e:1" });
	};
	const client = createDaemonClient({ ...place, fetch, transport: "events" });
	await client.followSession("s", { onSnapshot: () => undefined, onEvent: () => undefined }, leave.signal);
	await client.followSessions(() => undefined, new AbortController().signal);
	const stream = "/api/host/h/peers/d/v3/sessions/s/stream";
	expect(asked).toEqual(["/api/host/h/peers/d/v3/sessions/s", stream, stream, stream]);
	expect(sockets).not.toHaveBeenCalled();
	vi.unstubAllGlobals();
});
