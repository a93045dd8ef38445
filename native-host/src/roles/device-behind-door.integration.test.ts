import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { hostAudience } from "@opta/contracts/pass";
import { devicePassHeader, deviceProofHeader, peersPath } from "@opta/contracts/reach";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import { type DaemonProcess, startDaemonProcess } from "@opta/daemon/testing/daemon-process";
import { type StandInAccounts, startStandInAccounts } from "@opta/reach/testing/stand-in-accounts";
import { openSocket } from "@opta/tunnel/testing/open-socket";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../testing/free-port.ts";

const origin = "https://lmx.optalocal.com";

let accounts: StandInAccounts;
let laptop: DaemonProcess;
let stateDir: string;
let door: ChildProcess;
let ports: { door: number; link: number };

async function startDoor(): Promise<void> {
	const main = fileURLToPath(import.meta.resolve("@opta/tunnel/main"));
	const links = ["--link-host", "127.0.0.1", "--link-port", String(ports.link)];
	const args = [main, "--port", String(ports.door), "--state-dir", stateDir, ...links];
	door = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit", "ipc"], env: {} });
	await once(door, "message");
}

async function stopDoor(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
	const gone = once(door, "exit");
	door.kill(signal);
	await gone;
}

interface Asking extends RequestInit {
	readonly headers?: Record<string, string>;
	readonly body?: string;
}

/** What a site sends for the laptop's person: a pass for the host, one for the laptop, and the proof of this request. */
async function shown(target: string, { method = "GET", body = "" }: Asking): Promise<Record<string, string>> {
	const claims = { iss: accounts.origin, sub: accounts.credential.userId };
	const pass = await accounts.devicePass();
	return {
		authorization: `Bearer ${await accounts.passes.makeFor(hostAudience(accounts.passes.identity.hostId), "viewer", { claims })}`,
		[devicePassHeader]: pass,
		[deviceProofHeader]: await accounts.prove({ method, target, pass }, body),
	};
}

const device = (route: string): string => `${peersPath}/${accounts.credential.deviceId}${route}`;

/** Asks the laptop's daemon for one of its own routes. */
async function ask(route: string, init: Asking = {}): Promise<Response> {
	return fetch(`http://127.0.0.1:${ports.door}${device(route)}`, { ...init, headers: { ...(await shown(route, init)), ...init.headers } });
}

async function allow(...grants: readonly string[]): Promise<void> {
	const { hostId } = accounts.passes.identity;
	const change = { "accounts.origin": accounts.origin, "reach.host": hostId, "reach.allow": grants };
	expect(await laptop.client("terminal").patchConfig(change)).toMatchObject({ ok: true });
}

async function newSession(): Promise<SessionSnapshot> {
	const created = await laptop.client("terminal").createSession({ workspace: laptop.workspace });
	if (!created.ok) {
		throw new Error(created.error.message);
	}
	return created.value;
}

/** Reads a stream of events until one holds the words. */
async function readUntil(answer: Response, words: string): Promise<string> {
	const decoder = new TextDecoder();
	let text = "";
	for await (const piece of answer.body ?? []) {
		text += decoder.decode(piece, { stream: true });
		if (text.includes(words)) {
			return text;
		}
	}
	throw new Error(`The stream ended without ${words}: ${text}`);
}

beforeAll(async () => {
	ports = { door: await freePort(), link: await freePort() };
	[accounts, laptop, stateDir] = await Promise.all([
		startStandInAccounts(),
		startDaemonProcess(),
		mkdtemp(path.join(tmpdir(), "opta-door-")),
	]);
	const { identity } = accounts.passes;
	const { d: _, ...key } = identity.key;
	const lanUrls = [`http://127.0.0.1:${ports.link}`];
	accounts.hosts = [{ id: identity.hostId, name: "Mono512", role: "viewer", doorUrl: null, lanUrls, key, lastSeenAt: null }];
	await writeFile(path.join(stateDir, "host.json"), JSON.stringify({ ...identity, issuer: accounts.origin }), { mode: 0o600 });
	await writeFile(path.join(laptop.home, "account.json"), JSON.stringify(accounts.credential), { mode: 0o600 });
	await startDoor();
	await allow("see");
	await vi.waitFor(async () => expect((await ask("/v3/health")).status).toBe(200), { timeout: 30_000 });
});
afterAll(async () => {
	await laptop.close();
	await stopDoor("SIGTERM");
	await accounts.close();
	await rm(stateDir, { recursive: true });
});

describe("a laptop's daemon behind the door of a host", () => {
	it("shows its sessions to its person, and lets them do what the laptop allows", async () => {
		const { id: sessionId } = await newSession();
		expect(await (await ask("/v3/sessions")).json()).toMatchObject({ sessions: [{ id: sessionId }] });
		const turn = { method: "POST", body: '{"content":"hello"}' };
		const headers = () => ({ "content-type": "application/json", "idempotency-key": randomUUID() });
		const start = async () => (await ask(`/v3/sessions/${sessionId}/turns`, { ...turn, headers: headers() })).status;
		expect(await start()).toBe(403);
		await allow("see", "turns");
		await expect.poll(start).toBe(202);
		await allow("see");
		const stranger = { claims: { iss: accounts.origin } };
		const { hostId } = accounts.passes.identity;
		const authorization = `Bearer ${await accounts.passes.makeFor(hostAudience(hostId), "owner", stranger)}`;
		expect((await ask("/v3/sessions", { headers: { authorization } })).status).toBe(404);
	});

	it("streams a turn of its terminal, and goes on after the door was killed: no event is lost or comes twice", async () => {
		const { id: sessionId, lastEventId } = await newSession();
		const follow = async (after: string): Promise<Response> =>
			ask(`/v3/sessions/${sessionId}/stream`, { headers: { accept: "text/event-stream", "last-event-id": after } });
		const ids = (text: string): readonly string[] => [...text.matchAll(/^id: (.+)$/gm)].map(([, id = ""]) => id);
		const first = await follow(lastEventId);
		await laptop.client("terminal").createTurn(sessionId, { content: "one" }, randomUUID());
		const seen = ids(await readUntil(first, "turn.done"));
		await stopDoor("SIGKILL");
		await laptop.client("terminal").createTurn(sessionId, { content: "two" }, randomUUID());
		await startDoor();
		await expect.poll(async () => (await ask("/v3/health")).status).toBe(200);
		const missed = ids(await readUntil(await follow(seen.at(-1) ?? ""), "turn.done"));
		const events = await laptop.client("terminal").listEvents(sessionId, lastEventId);
		const all = events.ok ? events.value.events.map(({ id }) => id) : [];
		expect(seen.length * missed.length).toBeGreaterThan(0);
		expect([...seen, ...missed]).toEqual(all.slice(0, seen.length + missed.length));
	});

	it("opens its WebSocket to a page with a ticket for the host and one for the laptop, each once", async () => {
		const asked = device("/v3/ws");
		const claims = { iss: accounts.origin, sub: accounts.credential.userId };
		const dial = async (deviceTicket: string) => {
			const ticket = await accounts.passes.makeTicket({ path: asked, origin }, { claims });
			return openSocket(ports.door, { path: asked, ticket, deviceTicket, protocols: ["opta.daemon.v3"], origin });
		};
		const deviceTicket = await accounts.deviceTicket({ path: "/v3/ws", origin });
		const opened = await dial(deviceTicket);
		if (!opened.ok) {
			throw new Error(`refused with ${opened.status} ${opened.code}`);
		}
		opened.socket.send('{"type":"ping"}');
		await expect.poll(async () => String((await once(opened.socket, "message"))[0])).toMatch(/hello|pong/);
		opened.socket.terminate();
		expect(await dial(deviceTicket)).toMatchObject({ ok: false, status: 401, code: "invalid_pass" });
		expect(await dial(await accounts.deviceTicket({ path: "/v3/ws", origin: null }))).toMatchObject({ ok: false, status: 401 });
	});

	it("shows as gone when it is, and is back by itself", async () => {
		await laptop.kill();
		await expect.poll(async () => (await ask("/v3/sessions")).status).toBe(503);
		const peers = await fetch(`http://127.0.0.1:${ports.door}${peersPath}`, { headers: await shown(peersPath, {}) });
		expect(await peers.json()).toMatchObject({ peers: [{ deviceId: accounts.credential.deviceId, connected: false }] });
		await laptop.startAgain();
		await expect.poll(async () => (await ask("/v3/sessions")).status).toBe(200);
	});
});
