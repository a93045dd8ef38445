import { type ChildProcess, fork, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processStartedAt } from "../platform/process-started-at.ts";
import { type DaemonHome, daemonScript, makeDaemonHome } from "../testing/daemon-home.ts";
import { startScriptedModel } from "../testing/scripted-model.ts";
import { createHeld } from "../testing/scripted-reply.ts";
import { ensureDaemon } from "./ensure-daemon.ts";
import { daemonUrl, findDaemon } from "./find-daemon.ts";
import { takeLock } from "./process-lock.ts";
import { stopDaemon } from "./stop-daemon.ts";

const olderDaemon = fileURLToPath(new URL("./older-daemon.fixture.ts", import.meta.url));

let bench: DaemonHome;
const children: ChildProcess[] = [];

beforeEach(async () => {
	bench = await makeDaemonHome();
});

afterEach(async () => {
	for (const child of children.splice(0)) {
		child.kill("SIGKILL");
	}
	await bench.close();
});

async function startOlder(build: string): Promise<ChildProcess> {
	const child = fork(olderDaemon, [bench.home, build], { env: { ...bench.environment } });
	children.push(child);
	await once(child, "message");
	return child;
}

describe("starting", () => {
	it("leaves one daemon when eight programs start one at once", async () => {
		const options = { home: bench.home, command: bench.command, environment: bench.environment, build: "0.1.0", port: 0 };
		const all = await Promise.all(Array.from({ length: 8 }, () => ensureDaemon(options)));
		expect(all.map((one) => (one.ok ? one.state.pid : one.message))).toEqual(Array(8).fill((await bench.readState()).pid));
		expect(all.filter((one) => one.ok && one.started)).toHaveLength(1);
	});

	it("tells a second daemon of the same home that one runs, and leaves the first alone", async () => {
		const { state } = await bench.ensure();
		const second = spawn(process.execPath, [daemonScript, "--state-dir", bench.home, "--port", "0"], {
			stdio: ["ignore", "ignore", "pipe"],
		});
		let words = "";
		second.stderr.on("data", (data) => {
			words += data;
		});
		expect(await once(second, "exit")).toEqual([3, null]);
		expect(words).toContain(`A daemon runs already: process ${state.pid}`);
		expect(await findDaemon(bench.home)).toMatchObject({ kind: "running", state: { pid: state.pid, token: state.token } });
	});

	it("makes a new token at every start, for its user's eyes only", async () => {
		const first = await bench.ensure();
		expect((await stat(path.join(bench.home, "daemon", "state.json"))).mode & 0o777).toBe(0o600);
		expect(await stopDaemon({ home: bench.home, drainMs: 0, whenOver: "end" })).toEqual({ ok: true, wasRunning: true });
		await expect(bench.readState()).rejects.toThrow();
		const second = await bench.ensure();
		expect(second.state.token).not.toBe(first.state.token);
		expect(second.state.token.length).toBeGreaterThanOrEqual(43);
		const answer = await fetch(`${second.baseUrl}/v3/status`, { headers: { authorization: `Bearer ${first.state.token}` } });
		expect(answer.status).toBe(401);
	});

	it("takes a state file whose pid belongs to another process for stale", async () => {
		const { state } = await bench.ensure();
		process.kill(state.pid, "SIGKILL");
		await expect.poll(() => processStartedAt(state.pid)).not.toBe(state.processStartedAt);
		await writeFile(path.join(bench.home, "daemon", "state.json"), JSON.stringify({ ...state, pid: process.pid }));
		expect(await findDaemon(bench.home)).toEqual({ kind: "stopped" });
		const again = await bench.ensure();
		expect(again).toMatchObject({ started: true });
		expect(again.state.pid).not.toBe(process.pid);
	});

	it("says which setting is wrong, with file and line", async () => {
		await writeFile(path.join(bench.home, "config.json"), '{\n\t"agent": { "maxSteps": 0 }\n}');
		const ensured = await ensureDaemon({ home: bench.home, command: bench.command, environment: bench.environment, build: "0.1.0" });
		expect(ensured).toMatchObject({ ok: false, message: expect.stringContaining(`${bench.home}/config.json:2: "agent.maxSteps"`) });
	});

	it("says so when the wanted port is taken", async () => {
		const holder = createServer().listen(0, "127.0.0.1");
		await once(holder, "listening");
		const address = holder.address();
		const port = typeof address === "object" && address !== null ? address.port : 0;
		const ensured = await ensureDaemon({ home: bench.home, command: bench.command, environment: bench.environment, build: "0.1.0", port });
		holder.close();
		expect(ensured).toEqual({ ok: false, message: expect.stringContaining(`Port ${port} (daemon) cannot be used`) });
		expect(await findDaemon(bench.home)).toEqual({ kind: "stopped" });
	});
});

describe("ending", () => {
	it("ends in order on SIGTERM: no state, no lock, code 0", async () => {
		const child = spawn(process.execPath, [daemonScript, "--state-dir", bench.home, "--port", "0"], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		await once(child.stdout, "data");
		child.kill("SIGTERM");
		expect(await once(child, "exit")).toEqual([0, null]);
		expect(await findDaemon(bench.home)).toEqual({ kind: "stopped" });
		const lock = takeLock(path.join(bench.home, "daemon", "daemon.lock"));
		expect(lock).not.toBeNull();
		lock?.release();
		expect(await readFile(path.join(bench.home, "daemon", "daemon.log"), "utf8")).toContain('"msg":"stopping"');
	});

	it("ends a daemon that does not answer any more", async () => {
		const { state } = await bench.ensure();
		process.kill(state.pid, "SIGSTOP");
		expect(await findDaemon(bench.home)).toMatchObject({ kind: "unresponsive" });
		expect(await stopDaemon({ home: bench.home, drainMs: 0, whenOver: "end" })).toEqual({ ok: true, wasRunning: true });
		expect(await findDaemon(bench.home)).toEqual({ kind: "stopped" });
	});

	it("says that there was nothing to stop", async () => {
		expect(await stopDaemon({ home: bench.home, drainMs: 0, whenOver: "end" })).toEqual({ ok: true, wasRunning: false });
	});
});

describe("different builds", () => {
	it("has an older daemon hand over to a newer one", async () => {
		const older = await startOlder("0.0.9");
		const notices: string[] = [];
		const ensured = await ensureDaemon({
			home: bench.home,
			command: bench.command,
			environment: bench.environment,
			build: "0.1.0",
			port: 0,
			onNotice: (notice) => notices.push(notice),
		});
		expect(ensured).toMatchObject({ ok: true, started: true, state: { build: "0.1.0" } });
		expect(older.exitCode).toBe(0);
		expect(notices[0]).toContain("The running daemon is older (0.0.9) than this program (0.1.0)");
	});

	it("ends a running turn before it hands over, and takes no other meanwhile", async () => {
		const model = await startScriptedModel();
		const held = createHeld();
		await writeFile(
			path.join(bench.home, "config.json"),
			JSON.stringify({ connection: { host: model.host, port: model.port }, agent: { titles: false } }),
		);
		await startOlder("0.0.9");
		const { port, token } = await bench.readState();
		const client = createDaemonClient({ baseUrl: daemonUrl(port), token: () => token, clientId: randomUUID(), clientName: "test" });
		const created = await client.createSession({ workspace: bench.workspace });
		const sessionId = created.ok ? created.value.id : "";
		model.reply({ text: "Half " }, { hold: held }, { text: "and half." });
		await client.createTurn(sessionId, { content: "Go on." }, randomUUID());
		await held.reached;
		const handOver = bench.ensure();
		await expect.poll(async () => (await client.status()).ok && (await client.status())).toMatchObject({ value: { draining: true } });
		expect(await client.createTurn(sessionId, { content: "Another." }, randomUUID())).toMatchObject({
			ok: false,
			error: { status: 503, retryAfterMs: expect.any(Number) },
		});
		held.release();
		const { state, baseUrl, started } = await handOver;
		expect(started).toBe(true);
		const newer = createDaemonClient({ baseUrl, token: () => state.token, clientId: randomUUID(), clientName: "test" });
		const session = await newer.readSession(sessionId);
		expect(session.ok && session.value.messages.map(({ content, interrupted }) => [content, interrupted])).toEqual([
			["Go on.", undefined],
			["Half and half.", undefined],
		]);
		await model.close();
	});

	it("lets an older program use a newer daemon that still speaks its version", async () => {
		await startOlder("9.0.0");
		expect(await bench.ensure("0.1.0")).toMatchObject({ started: false, state: { build: "9.0.0" } });
	});
});
