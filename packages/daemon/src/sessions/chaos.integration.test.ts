import { type ChildProcess, spawn } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { SessionEvent } from "@opta/contracts/schema/daemon-events";
import type { TurnAccepted } from "@opta/contracts/schema/daemon-session";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import { afterEach, expect, it } from "vitest";
import { environment } from "../env.ts";
import { plainEnvironment } from "../platform/plain-environment.ts";
import { startScriptedModel } from "../testing/scripted-model.ts";

const daemonScript = fileURLToPath(new URL("../main.ts", import.meta.url));
const clientScript = fileURLToPath(new URL("../testing/chaos-client.ts", import.meta.url));

const writers = ["w0", "w1", "w2"];
const readers = ["r0", "r1"];
const turnsPerWriter = 100;
const daemonKills = 10;

const cleanups: (() => Promise<unknown>)[] = [];
const processes = new Set<ChildProcess>();

afterEach(async () => {
	for (const child of processes) {
		child.kill("SIGKILL");
	}
	for (const cleanup of cleanups.splice(0)) {
		await cleanup();
	}
});

function start(script: string, args: readonly string[], home: string): ChildProcess {
	const child = spawn(process.execPath, [script, ...args], {
		env: { ...plainEnvironment(environment), OPTA_HOME: home },
		stdio: ["ignore", "ignore", "ignore", "ipc"],
	});
	processes.add(child);
	child.once("exit", () => processes.delete(child));
	return child;
}

async function kill(child: ChildProcess): Promise<void> {
	if (child.exitCode === null && child.signalCode === null) {
		const gone = once(child, "exit");
		child.kill("SIGKILL");
		await gone;
	}
}

async function linesOf(file: string): Promise<string[]> {
	const text = await readFile(file, "utf8");
	return text
		.slice(0, text.lastIndexOf("\n") + 1)
		.split("\n")
		.slice(0, -1);
}

it(`gives ${writers.length} writers and ${readers.length} readers one list of events, though the daemon is killed ${daemonKills} times`, async () => {
	const home = await realpath(await mkdtemp(path.join(tmpdir(), "opta-chaos-")));
	const model = await startScriptedModel({ otherwise: () => [{ text: "An answer." }] });
	cleanups.push(
		() => model.close(),
		() => rm(home, { recursive: true, force: true }),
	);
	const workspace = path.join(home, "workspace");
	await mkdir(workspace);
	await writeFile(
		path.join(home, "config.json"),
		JSON.stringify({ connection: { host: model.host, port: model.port }, agent: { titles: false } }),
	);
	let port = 0;
	const startDaemon = async (): Promise<ChildProcess> => {
		const child = start(daemonScript, ["--state-dir", home, "--port", String(port)], home);
		const [ready] = await Promise.race([
			once(child, "message"),
			once(child, "exit").then(([code]) => Promise.reject(new Error(`The daemon ended with ${code}.`))),
		]);
		port = ready.port;
		return child;
	};
	let daemon = await startDaemon();
	const stateFile = path.join(home, "daemon", "state.json");
	const client = createDaemonClient({
		baseUrl: `http://127.0.0.1:${port}`,
		token: () => token,
		clientId: randomUUID(),
		clientName: "test",
	});
	let token: string = JSON.parse(await readFile(stateFile, "utf8")).token;
	const created = await client.createSession({ workspace });
	const sessionId = created.ok ? created.value.id : expect.fail(created.error.message);

	const fileOf = (name: string): string => path.join(home, `${name}.jsonl`);
	const running = new Map<string, ChildProcess>();
	const startClient = (name: string): ChildProcess => {
		const role = writers.includes(name) ? "writer" : "reader";
		const child = start(clientScript, [role, String(port), stateFile, sessionId, name, fileOf(name), String(turnsPerWriter)], home);
		running.set(name, child);
		return child;
	};
	for (const name of [...writers, ...readers]) {
		await writeFile(fileOf(name), "");
		startClient(name);
	}
	const acceptedCount = async () => (await Promise.all(writers.map((name) => linesOf(fileOf(name))))).flat().length;
	const total = writers.length * turnsPerWriter;
	for (let round = 1; round <= daemonKills; round += 1) {
		const enough = Math.min(total - 1, Math.floor((total * round) / (daemonKills + 1)) + randomInt(5));
		await expect.poll(acceptedCount, { interval: 10, timeout: 60_000 }).toBeGreaterThanOrEqual(enough);
		const victim = [...writers, ...readers][round % (writers.length + readers.length)] ?? "r0";
		await Promise.all([kill(daemon), kill(running.get(victim) ?? daemon)]);
		daemon = await startDaemon();
		startClient(victim);
	}
	await expect.poll(acceptedCount, { interval: 50, timeout: 60_000 }).toBe(total);
	token = JSON.parse(await readFile(stateFile, "utf8")).token;
	await expect
		.poll(
			async () => {
				const read = await client.readSession(sessionId);
				return read.ok ? read.value.turns.length : -1;
			},
			{ timeout: 60_000 },
		)
		.toBe(0);

	const events: SessionEvent[] = [];
	for (let after = "0", more = true; more; after = events.at(-1)?.id ?? "0") {
		const page = await client.listEvents(sessionId, after, 1000);
		const value = page.ok ? page.value : expect.fail(page.error.message);
		events.push(...value.events);
		more = value.more;
	}
	expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
	const texts = events.map((event) => JSON.stringify(event));
	for (const name of readers) {
		await expect.poll(async () => (await linesOf(fileOf(name))).length, { timeout: 20_000 }).toBe(events.length);
		expect((await linesOf(fileOf(name))).map((line) => JSON.parse(line))).toEqual(texts.map((line) => JSON.parse(line)));
	}
	const queued = events.filter((event) => event.type === "turn.queued");
	const ends = events.filter((event) => event.type === "turn.done" || event.type === "turn.error");
	expect(queued.map(({ data }) => data.idempotencyKey).sort()).toEqual(
		writers.flatMap((name) => Array.from({ length: turnsPerWriter }, (_, index) => `${name}-${index}`)).sort(),
	);
	expect(ends.map(({ data }) => data.turnId).sort()).toEqual(queued.map(({ data }) => data.turnId).sort());
	for (const name of writers) {
		for (const [index, line] of (await linesOf(fileOf(name))).entries()) {
			const { turnId, seq }: TurnAccepted = JSON.parse(line);
			expect(events[seq - 1]).toMatchObject({ type: "turn.queued", data: { turnId, idempotencyKey: `${name}-${index}` } });
		}
	}
	expect(ends.filter(({ type }) => type === "turn.error").length).toBeLessThanOrEqual(daemonKills);
	await kill(daemon);
}, 240_000);
