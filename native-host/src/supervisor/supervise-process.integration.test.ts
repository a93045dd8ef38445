import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../testing/free-port.ts";
import { processRuns, untilGone } from "../testing/process-state.ts";
import type { RestartPolicy } from "./restart-policy.ts";
import { superviseProcess } from "./supervise-process.ts";
import type { ProcessChange, SupervisedProcess, SuperviseOptions } from "./supervision.ts";

const fixture = fileURLToPath(new URL("fixtures/role.ts", import.meta.url));
const quick: RestartPolicy = { maxRestarts: 2, windowMs: 60_000, firstDelayMs: 10, maxDelayMs: 20 };

let folder: string;
let changes: ProcessChange[];
let lines: string[];
let supervised: SupervisedProcess;
const waiters: { state: string; resolve: (change: ProcessChange) => void }[] = [];

function start(behaviour: readonly string[], options: Partial<SuperviseOptions> = {}): SupervisedProcess {
	supervised = superviseProcess({
		name: "role",
		command: process.execPath,
		args: [fixture, ...behaviour],
		env: {},
		ready: { ipc: true },
		readyTimeoutMs: 20_000,
		restart: quick,
		logFile: path.join(folder, "role.log"),
		onLine: (line) => lines.push(line),
		onState: (change) => {
			changes.push(change);
			for (const waiter of waiters.splice(0)) {
				if (waiter.state === change.state) {
					waiter.resolve(change);
				} else {
					waiters.push(waiter);
				}
			}
		},
		...options,
	});
	return supervised;
}

/** The next change to a state. */
function next(state: string): Promise<ProcessChange> {
	return new Promise((resolve) => waiters.push({ state, resolve }));
}

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-supervisor-"));
	changes = [];
	lines = [];
	waiters.length = 0;
});
afterEach(async () => {
	await supervised.stop();
	rmSync(folder, { recursive: true, force: true });
});

describe("superviseProcess", () => {
	it("reports readiness with the port, keeps the output as JSON lines, and stops", async () => {
		const role = start([]);
		const ready = await role.ready;
		expect(ready).toMatchObject({ ok: true, port: expect.any(Number) });
		const { pid } = role.current();
		await role.stop();
		expect(await role.ended).toEqual({ state: "stopped" });
		expect(processRuns(pid!)).toBe(false);
		expect(changes.map((change) => change.state)).toEqual(["starting", "ready", "stopping", "stopped"]);
		const log = readFileSync(path.join(folder, "role.log"), "utf8").trimEnd().split("\n");
		expect(log.map((line) => JSON.parse(line))).toMatchObject([{ level: 30, name: "role", msg: "listening" }]);
	});

	it("starts a killed process again, under a new pid", async () => {
		const role = start([]);
		await role.ready;
		const before = role.current();
		const again = next("ready");
		process.kill(before.pid!, "SIGKILL");
		const after = await again;
		expect(after.pid).not.toBe(before.pid);
		expect(after.restarts).toBe(1);
		expect(changes.find((change) => change.state === "restarting")?.reason).toBe("was ended by SIGKILL");
	});

	it("gives up on a crash loop, with the reason and the number of tries", async () => {
		const role = start(["abort"]);
		expect(await role.ready).toMatchObject({ ok: false });
		const end = await role.ended;
		expect(end).toMatchObject({ state: "failed", wasReady: false, lastWords: null });
		expect(end.state === "failed" && end.reason).toMatch(/^was ended by SIGABRT.*given up after 2 restarts in 60 s/);
		expect(changes.filter((change) => change.state === "starting")).toHaveLength(3);
	});

	it("does not try again when the first start is refused, and passes on what was said", async () => {
		const end = await start(["refuse"]).ended;
		expect(end).toEqual({
			state: "failed",
			reason: "ended with exit code 1: The model file is cut short; download it again.",
			lastWords: "The model file is cut short; download it again.",
			wasReady: false,
		});
		expect(changes.filter((change) => change.state === "starting")).toHaveLength(1);
	});

	it("says so when the program cannot be started at all", async () => {
		const end = await start([], { command: path.join(folder, "nothing") }).ended;
		expect(end).toMatchObject({ state: "failed", reason: expect.stringMatching(/^could not be started: .*ENOENT/) });
	});

	it("ends a start that takes too long", async () => {
		const role = start(["never-ready"], { readyTimeoutMs: 300 });
		const end = await role.ended;
		expect(end).toMatchObject({ state: "failed", reason: "was not ready after 0.3 s" });
		expect(processRuns(changes[0]!.pid!)).toBe(false);
	});

	it("kills a process that does not heed SIGTERM, with everything that it started", async () => {
		const role = start(["stubborn", "with-child"], { stopTimeoutMs: 100 });
		await role.ready;
		const { pid } = role.current();
		const child = Number(lines.find((line) => line.startsWith("child "))?.slice("child ".length));
		expect(processRuns(child)).toBe(true);
		await role.stop();
		expect(lines).toContain("not now");
		expect(processRuns(pid!)).toBe(false);
		await untilGone(child);
	});

	it("leaves nothing of a crashed process's group behind", async () => {
		const role = start(["with-child"]);
		await role.ready;
		const child = Number(lines.find((line) => line.startsWith("child "))?.slice("child ".length));
		const again = next("ready");
		process.kill(role.current().pid!, "SIGKILL");
		await again;
		await untilGone(child);
	});

	it("stops during the wait before a restart", async () => {
		const role = start([], { restart: { maxRestarts: 5, windowMs: 60_000, firstDelayMs: 600_000, maxDelayMs: 600_000 } });
		await role.ready;
		const waits = next("restarting");
		process.kill(role.current().pid!, "SIGKILL");
		await waits;
		await role.stop();
		expect(role.current().state).toBe("stopped");
	});

	it("takes a good answer over HTTP, asked by name, for readiness", async () => {
		const port = await freePort();
		const role = start([`port=${port}`], { ready: { http: { url: `http://127.0.0.1:${port}/`, host: "right.localhost" } } });
		expect(await role.ready).toEqual({ ok: true, port: null });
	});

	it("does not take an error answer for readiness", async () => {
		const port = await freePort();
		const role = start([`port=${port}`], {
			ready: { http: { url: `http://127.0.0.1:${port}/`, host: "wrong.localhost" } },
			readyTimeoutMs: 1500,
		});
		expect(await role.ready).toMatchObject({ ok: false, end: { reason: "was not ready after 1.5 s" } });
	});

	it("hands on every message of the process", async () => {
		const messages: unknown[] = [];
		const role = start([], { onMessage: (message) => messages.push(message) });
		await role.ready;
		expect(messages).toEqual([{ type: "ready", port: expect.any(Number) }]);
	});

	it("restarts a process that ends by itself after it served", async () => {
		const role = start(["crash-on-request"]);
		const ready = await role.ready;
		const again = next("ready");
		const waits = next("restarting");
		const request = get({ port: ready.ok ? ready.port : 0, agent: false });
		await Promise.race([once(request, "response"), once(request, "error")]);
		expect((await waits).reason).toBe("ended with exit code 3");
		await again;
	});

	it("goes on without its log when the log cannot be written, and says so", async () => {
		const role = start([], { logFile: path.join(fixture, "role.log") });
		expect(await role.ready).toMatchObject({ ok: true });
		expect(lines.filter((line) => line.includes("cannot be written"))).toHaveLength(1);
		expect(existsSync(path.join(fixture, "role.log"))).toBe(false);
	});
});
