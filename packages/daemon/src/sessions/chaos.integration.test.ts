import type { ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { SessionEvent } from "@opta/contracts/schema/daemon-events";
import type { TurnAccepted } from "@opta/contracts/schema/daemon-session";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DaemonProcess, startDaemonProcess } from "../testing/daemon-process.ts";

const clientScript = fileURLToPath(new URL("../testing/chaos-client.ts", import.meta.url));

const writers = ["w0", "w1", "w2"];
const readers = ["r0", "r1"];
const turnsPerWriter = 100;
const daemonKills = 10;

let daemon: DaemonProcess;

beforeEach(async () => {
	daemon = await startDaemonProcess();
});

afterEach(() => daemon.close());

async function linesOf(file: string): Promise<string[]> {
	const text = await readFile(file, "utf8");
	return text
		.slice(0, text.lastIndexOf("\n") + 1)
		.split("\n")
		.slice(0, -1);
}

it(`gives ${writers.length} writers and ${readers.length} readers one list of events, though the daemon is killed ${daemonKills} times`, async () => {
	const { home, workspace, stateFile } = daemon;
	const client = daemon.client("test");
	const created = await client.createSession({ workspace });
	const sessionId = created.ok ? created.value.id : expect.fail(created.error.message);

	const fileOf = (name: string): string => path.join(home, `${name}.jsonl`);
	const running = new Map<string, ChildProcess>();
	const startClient = (name: string): ChildProcess => {
		const role = writers.includes(name) ? "writer" : "reader";
		const args = [role, String(daemon.port()), stateFile, sessionId, name, fileOf(name), String(turnsPerWriter)];
		const child = daemon.start(clientScript, args);
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
		await Promise.all([daemon.kill(), daemon.kill(running.get(victim))]);
		await daemon.startAgain();
		startClient(victim);
	}
	await expect.poll(acceptedCount, { interval: 50, timeout: 60_000 }).toBe(total);
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
}, 240_000);
