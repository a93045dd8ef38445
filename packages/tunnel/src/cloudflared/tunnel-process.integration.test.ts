import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { json, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";
import type { HostPresence } from "@opta/contracts/schema/host-claim";
import type { TunnelView } from "@opta/contracts/schema/process-message";
import { createPassMaker, type PassMaker } from "@opta/reach/testing/pass-maker";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { environment } from "../env.ts";
import { type StandIn, writeStandIn } from "../testing/stand-in.ts";
import { findFreePort } from "./find-free-port.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const token = Buffer.from(JSON.stringify({ a: "account", t: "tunnel", s: "a secret of this tunnel" })).toString("base64");

let stateDir: string;
let passes: PassMaker;
let issuer: string;
let accounts: Server;
let standing: "good" | ErrorCode;
let presences: HostPresence[];
let standIn: StandIn;
let child: ChildProcess;
let doorPort: number;
let written: string;
let views: TunnelView[];

beforeEach(async () => {
	stateDir = mkdtempSync(path.join(tmpdir(), "opta-tunnel-process-"));
	[standing, presences, written, views, doorPort] = ["good", [], "", [], 0];
	accounts = createServer(async (request, response) => {
		if (request.url === "/api/host/presence" && standing === "good") {
			presences.push((await json(request)) as HostPresence);
		}
		const good = request.url === "/api/host/presence" ? { name: "Test host" } : { revocations: [] };
		const body = standing === "good" ? good : { error: { code: standing, message: "Accounts says no.", type: "invalid_request_error" } };
		response.writeHead(standing === "good" ? 200 : errorStatus[standing]).end(JSON.stringify(body));
	}).listen(0, "127.0.0.1");
	await once(accounts, "listening");
	passes = await createPassMaker();
	issuer = `http://accounts.optalocal.localhost:${(accounts.address() as AddressInfo).port}`;
	writeFileSync(path.join(stateDir, "host.json"), JSON.stringify({ ...passes.identity, issuer }));
	writeFileSync(path.join(stateDir, "tunnel-token"), token, { mode: 0o600 });
	standIn = writeStandIn(stateDir, {
		publicPlace: `127.0.0.2:${await findFreePort()}`,
		controlPlace: `127.0.0.1:${await findFreePort()}`,
	});
});
afterEach(() => {
	child.kill("SIGKILL");
	accounts.closeAllConnections();
	accounts.close();
	rmSync(stateDir, { recursive: true, force: true });
});

function start(variables: Record<string, string>, ...flags: readonly string[]): void {
	child = spawn(process.execPath, [main, "--state-dir", stateDir, "--port", "0", "--lmx-url", "http://127.0.0.1:9", ...flags], {
		stdio: ["ignore", "pipe", "pipe", "ipc"],
		env: { PATH: environment.PATH ?? "", ...variables },
	});
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on("data", (chunk) => {
			written += chunk;
		});
	}
	child.on("message", (message: { type: string; port: number } & TunnelView) => {
		if (message.type === "ready") {
			doorPort = message.port;
		} else {
			views.push(message);
		}
	});
}

function startNamed(): Promise<void> {
	start({ OPTA_CLOUDFLARED: standIn.program }, "--tunnel", "named", "--tunnel-url", `http://${standIn.publicPlace}`);
	return vi.waitFor(() => expect(views.at(-1)?.state).toBe("connected"), { timeout: 20_000 });
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

async function ask(origin: string, changes: { sub?: string } = {}): Promise<{ status: number; code: string }> {
	const pass = await passes.make("viewer", { claims: { iss: issuer, ...changes } });
	const answer = await fetch(`${origin}/healthz`, { headers: { authorization: `Bearer ${pass}` } });
	return { status: answer.status, code: ((await answer.json()) as { error: { code: string } }).error.code };
}

describe("the tunnel door with a named tunnel", () => {
	it("is met at its public name, tells accounts of it, and keeps the token to itself", async () => {
		await startNamed();
		expect(await ask(`http://${standIn.publicPlace}`)).toEqual({ status: 502, code: "host_unreachable" });
		await vi.waitFor(() => expect(presences.at(-1)).toEqual({ version: "0.1.0", doorUrl: `http://${standIn.publicPlace}`, lanUrls: [] }));
		expect(presences[0]?.doorUrl).toBeNull();
		const { pid, tokenLength } = await standIn.tell("/");
		expect(tokenLength).toBe(token.length);
		for (const number of [pid, child.pid]) {
			expect(readFileSync(`/proc/${number}/cmdline`, "utf8")).not.toContain(token);
		}
		expect(written).toContain("the tunnel is open");
		expect(written).not.toContain(token);
	});

	it("answers 204 at /self to nobody but itself", async () => {
		await startNamed();
		const strange = { authorization: `Bearer ${"x".repeat(43)}` };
		for (const headers of [{}, strange]) {
			expect((await fetch(`http://${standIn.publicPlace}/self`, { headers })).status).toBe(401);
		}
	});

	it.each(["SIGTERM", "SIGKILL"] as const)("leaves no cloudflared behind at %s", async (signal) => {
		await startNamed();
		const { pid } = await standIn.tell("/");
		child.kill(signal);
		await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 15_000 });
	});

	it("lets nobody in any more once accounts says that the owner revoked this host", async () => {
		standing = "host_revoked";
		await startNamed();
		await vi.waitFor(() => expect(written).toContain("the owner of this host revoked it"), { timeout: 20_000 });
		for (const origin of [`http://${standIn.publicPlace}`, `http://127.0.0.1:${doorPort}`]) {
			expect(await ask(origin)).toEqual({ status: 410, code: "host_revoked" });
		}
		expect(JSON.parse(readFileSync(path.join(stateDir, "host.json"), "utf8")).hostId).toBe(passes.identity.hostId);
	});
});

describe("the tunnel door with a quick tunnel", () => {
	it("tells accounts when it has no address any more, and cuts what is open when the answer is that it was revoked", async () => {
		const lmx = createServer((_request, response) => response.writeHead(200).write("first words")).listen(0, "127.0.0.1");
		await once(lmx, "listening");
		const lmxUrl = `http://127.0.0.1:${(lmx.address() as AddressInfo).port}`;
		start({ OPTA_CLOUDFLARED: standIn.program }, "--tunnel", "quick", "--lmx-url", lmxUrl);
		const doorUrl = "https://first-words-of-tests.trycloudflare.com";
		await vi.waitFor(() => expect(presences.at(-1)?.doorUrl).toBe(doorUrl), { timeout: 20_000 });
		const pass = await passes.make("viewer", { claims: { iss: issuer } });
		const stream = await fetch(`http://127.0.0.1:${doorPort}/healthz`, { headers: { authorization: `Bearer ${pass}` } });
		expect(stream.status).toBe(200);

		standing = "host_revoked";
		const { pid } = await standIn.tell("/");
		process.kill(pid, "SIGKILL");
		await expect(stream.text()).rejects.toThrow();
		expect(await ask(`http://127.0.0.1:${doorPort}`)).toEqual({ status: 410, code: "host_revoked" });
		lmx.closeAllConnections();
		lmx.close();
	});
});

describe("the tunnel door whose tunnel cannot be opened", () => {
	it("says where cloudflared is missing, and serves meanwhile", async () => {
		start({ OPTA_CLOUDFLARED: path.join(stateDir, "missing") }, "--tunnel", "quick");
		const reason = expect.stringContaining(path.join(stateDir, "missing"));
		await vi.waitFor(() => expect(views).toContainEqual({ type: "tunnel", state: "missing", publicUrl: null, reason }), {
			timeout: 20_000,
		});
		await vi.waitFor(() => expect(doorPort).toBeGreaterThan(0));
		expect(await ask(`http://127.0.0.1:${doorPort}`)).toMatchObject({ status: 502 });
	});

	it("says in one line that the token is missing", async () => {
		rmSync(path.join(stateDir, "tunnel-token"));
		start({ OPTA_CLOUDFLARED: standIn.program }, "--tunnel", "named", "--tunnel-url", `http://${standIn.publicPlace}`);
		const said = child.stderr === null ? "" : text(child.stderr);
		expect(await once(child, "exit")).toEqual([1, null]);
		expect(await said).toMatch(/^The token of the named tunnel is missing\..*\n$/);
	});
});
