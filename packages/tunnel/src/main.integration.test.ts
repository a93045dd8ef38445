import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createPassMaker } from "@opta/reach/testing/pass-maker";
import { importJWK, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tryToJoin } from "./testing/bench-device.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let stateDir: string;
let child: ChildProcess;

beforeEach(() => {
	stateDir = mkdtempSync(path.join(tmpdir(), "opta-door-"));
});
afterEach(() => {
	child.kill("SIGKILL");
	rmSync(stateDir, { recursive: true, force: true });
});

function start(...args: readonly string[]): ChildProcess {
	child = spawn(process.execPath, [main, "--state-dir", stateDir, ...args], { stdio: ["ignore", "pipe", "pipe", "ipc"], env: {} });
	return child;
}

async function freePort(): Promise<number> {
	const holder = createServer().listen(0, "127.0.0.1");
	await once(holder, "listening");
	const { port } = holder.address() as AddressInfo;
	holder.close();
	await once(holder, "close");
	return port;
}

/** Runs to its end: the exit code and what was said on stderr. */
async function runToEnd(...args: readonly string[]): Promise<{ code: unknown; said: string }> {
	const { stderr } = start(...args);
	const said = stderr === null ? Promise.resolve("") : text(stderr);
	const [code] = await once(child, "exit");
	return { code, said: await said };
}

async function writeIdentity(content?: string): Promise<void> {
	writeFileSync(path.join(stateDir, "host.json"), content ?? JSON.stringify((await createPassMaker()).identity));
}

describe("the tunnel door as a process", () => {
	it("says over IPC where it listens, refuses strangers, and ends on SIGTERM", async () => {
		await writeIdentity();
		start("--port", "0");
		const [message] = await once(child, "message");
		expect(message).toEqual({ type: "ready", port: expect.any(Number) });
		expect((await fetch(`http://127.0.0.1:${message.port}/healthz`)).status).toBe(401);
		child.kill("SIGTERM");
		expect(await once(child, "exit")).toEqual([0, null]);
	});

	it("takes in devices on the host's own network where it is told to, and answers nothing else there", async () => {
		const passes = await createPassMaker();
		await writeIdentity(JSON.stringify(passes.identity));
		const linkPort = await freePort();
		start("--port", "0", "--link-host", "127.0.0.1", "--link-port", String(linkPort));
		await once(child, "message");
		const url = `http://127.0.0.1:${linkPort}`;
		const { joined, device } = await tryToJoin(passes, url, {});
		expect(joined.ok && device(joined.link).deviceId).toBeTruthy();
		for (const path of ["/", "/link", "/healthz", "/peers"]) {
			expect((await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${await passes.make("owner")}` } })).status).toBe(404);
		}
		child.kill("SIGTERM");
		expect(joined.ok && (await joined.link.ended)).toMatchObject({ cause: "closed" });
		expect(await once(child, "exit")).toEqual([0, null]);
	});

	it("ends when the process that started it is gone", async () => {
		await writeIdentity();
		start("--port", "0");
		await once(child, "message");
		child.disconnect();
		expect(await once(child, "exit")).toEqual([0, null]);
	});

	it("learns a new key of its accounts when a pass names it, keeps it in host.json, and asks as the host that it is", async () => {
		const old = await createPassMaker();
		const next = await createPassMaker();
		const asked: IncomingMessage[] = [];
		const accounts = createServer(async (request, response) => {
			asked.push(request);
			const { port } = accounts.address() as AddressInfo;
			const keys = [{ ...next.publicJwk, kid: "accounts-2" }, old.publicJwk];
			const claims = { iss: `http://accounts.optalocal.localhost:${port}`, keys, sub: undefined, aud: undefined };
			const statement = await old.make("viewer", { claims, header: { typ: "pass-keys+jwt" } });
			const body = request.url === "/api/pass/keys" ? { statements: ["a.b.c", statement] } : { revocations: [] };
			response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
		}).listen(0, "127.0.0.1");
		await once(accounts, "listening");
		const { port: accountsPort } = accounts.address() as AddressInfo;
		const issuer = `http://accounts.optalocal.localhost:${accountsPort}`;
		const identity = { ...old.identity, issuer };
		await writeIdentity(JSON.stringify(identity));
		const polled = once(accounts, "request");
		start("--port", "0", "--lmx-url", "http://127.0.0.1:9");
		const [[message]] = await Promise.all([once(child, "message"), polled]);
		const claims = { iss: issuer, aud: `host:${identity.hostId}` };
		const ask = async (pass: string): Promise<number> =>
			(await fetch(`http://127.0.0.1:${message.port}/healthz`, { headers: { authorization: `Bearer ${pass}` } })).status;

		expect(await ask(await next.make("viewer", { claims, header: { kid: "accounts-2" } }))).toBe(502);
		expect(await ask(await old.make("viewer", { claims }))).toBe(502);
		expect(await ask(await next.make("viewer", { claims, header: { kid: "accounts-3" } }))).toBe(401);
		const file = path.join(stateDir, "host.json");
		expect(JSON.parse(readFileSync(file, "utf8")).jwks.keys.map(({ kid }: { kid: string }) => kid)).toEqual(["accounts-2", "accounts-1"]);
		expect([statSync(file).mode & 0o777, readdirSync(stateDir)]).toEqual([0o600, ["host.json"]]);
		expect(asked.map(({ url }) => url)).toEqual(expect.arrayContaining(["/api/host/presence", "/api/pass/revocations", "/api/pass/keys"]));
		expect(asked[0]?.headers.host).toBe(`accounts.optalocal.localhost:${accountsPort}`);
		const { d: _, ...publicKey } = identity.key;
		const [, assertion = ""] = asked[0]?.headers.authorization?.split(" ") ?? [];
		const { payload } = await jwtVerify(assertion, await importJWK(publicKey, "ES256"), {
			...{ issuer: `host:${identity.hostId}`, audience: "accounts", typ: "host-assertion+jwt", maxTokenAge: 60 },
		});
		expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
		accounts.close();
	});

	it.each([
		["missing", null, /^\S+host\.json is missing\. .*\n$/],
		["not JSON", "{", /^\S+host\.json is not valid JSON\. .*\n$/],
		["of another kind", '{"hostId":"me"}', /^\S+host\.json is not a host's identity: hostId: .*\n$/],
		[
			"without keys",
			'{"hostId":"0192f0c1-2345-7abc-8def-0123456789ab","name":"x","issuer":"http://a.b","key":{"kty":"EC","crv":"P-256","x":"A","y":"A","d":"A"},"jwks":{"keys":[]}}',
			/^\S+host\.json .*jwks\.keys.*\n$/,
		],
		[
			"pinning what is no key",
			'{"hostId":"0192f0c1-2345-7abc-8def-0123456789ab","name":"x","issuer":"http://a.b","key":{"kty":"EC","crv":"P-256","x":"A","y":"A","d":"A"},"jwks":{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"k"}]}}',
			/^\S+host\.json pins a key \(k\) that is not a point of P-256\. .*\n$/,
		],
	])("says in one line that host.json is %s", async (_name, content, line) => {
		if (content !== null) {
			await writeIdentity(content);
		}
		const { code, said } = await runToEnd("--port", "0");
		expect(code).toBe(1);
		expect(said).toMatch(line);
	});

	it("says in one line that its port is in use", async () => {
		await writeIdentity();
		const holder = createServer().listen(0, "127.0.0.1");
		await once(holder, "listening");
		const { port } = holder.address() as AddressInfo;
		const { code, said } = await runToEnd("--port", String(port));
		holder.close();
		expect(code).toBe(1);
		expect(said).toBe(`Port ${port} (tunnel door) is in use by another program. Stop it, or choose another port with --port.\n`);
	});

	it("says in one line which setting is wrong", async () => {
		const { code, said } = await runToEnd("--port", "http");
		expect(code).toBe(1);
		expect(said).toBe('--port is "http"; it must be a whole number from 0 to 65535.\n');
	});
});
