import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, onTestFinished, test } from "vitest";
import type { ChildSlot } from "./children.ts";
import { openChildren } from "./open-children.ts";
import { readProcessTable } from "./process-table.ts";

const problems: string[] = [];

afterEach(() => {
	expect(problems.splice(0)).toEqual([]);
});

async function folder(): Promise<string> {
	const made = await mkdtemp(path.join(tmpdir(), "opta-children-"));
	onTestFinished(() => rm(made, { recursive: true, force: true }));
	return made;
}

const open = async (home: string, maxChildren = 4) =>
	await openChildren({ maxChildren, storeFile: path.join(home, "children.json"), onProblem: (message) => problems.push(message) });

/** Starts a shell that says "ready" when all of its script up to there has run. */
async function start(slot: ChildSlot, script: string): Promise<ChildProcess> {
	const child = spawn("sh", ["-c", script], {
		env: { PATH: "/usr/bin:/bin", ...slot.environment },
		stdio: ["ignore", "pipe", "ignore"],
		detached: true,
	});
	slot.started(child.pid!);
	await once(child.stdout!, "data");
	return child;
}

/** Processes that carry anything of that text. */
const running = async (text: string) =>
	(await readProcessTable("linux", true)).filter((row) => row.text.includes(text)).map((row) => row.pid);

const reserve = { kind: "shell", name: "test", sessionId: "s" } as const;

test("a tree whose parts changed their group, lost their parent and ignore requests is ended whole", async () => {
	const children = await open(await folder());
	const slot = children.reserve(reserve)!;
	const mark = slot.environment.OPTA_CHILD!;
	await start(
		slot,
		`trap "" TERM; setsid sh -c 'trap "" TERM; (sleep 300 & sleep 300 & wait) & echo' & (setsid sleep 300 &) ; echo ready; wait`,
	);
	await expect.poll(async () => (await running(mark)).length).toBeGreaterThanOrEqual(4);

	await slot.end(50);

	expect(await running(mark)).toEqual([]);
	expect(children.list()).toEqual([]);
});

test("a tree that keeps starting processes is ended too", async () => {
	const children = await open(await folder());
	const slot = children.reserve(reserve)!;
	const mark = slot.environment.OPTA_CHILD!;
	await start(slot, "echo ready; while :; do (setsid sleep 60 &); sleep 0.01; done");

	await slot.end(0);

	expect(await running(mark)).toEqual([]);
});

test("no more processes than allowed; the end of one makes room", async () => {
	const children = await open(await folder(), 1);
	const slot = children.reserve(reserve)!;
	await start(slot, "echo ready; sleep 300");
	expect(children.list()).toMatchObject([{ kind: "shell", name: "test", sessionId: "s" }]);
	expect(children.reserve(reserve)).toBeNull();

	await slot.end(0);

	expect(children.reserve(reserve)).not.toBeNull();
});

test("closing a session ends its processes and leaves those of others", async () => {
	const children = await open(await folder());
	const mine = children.reserve(reserve)!;
	const other = children.reserve({ ...reserve, sessionId: "other" })!;
	await start(mine, "echo ready; sleep 300");
	await start(other, "echo ready; sleep 300");

	await children.endSession("s");

	expect(await running(mine.environment.OPTA_CHILD!)).toEqual([]);
	expect(await running(other.environment.OPTA_CHILD!)).not.toEqual([]);
	await children.close();
	expect(await running(other.environment.OPTA_CHILD!)).toEqual([]);
	expect(children.reserve(reserve)).toBeNull();
});

test("a process that is started after its session was closed is ended at once", async () => {
	const children = await open(await folder());
	const slot = children.reserve(reserve)!;
	await children.endSession("s");
	const child = spawn("sleep", ["300"], { env: { PATH: "/usr/bin:/bin", ...slot.environment }, detached: true });
	slot.started(child.pid!);

	await once(child, "exit");

	expect(child.signalCode).toBe("SIGKILL");
});

test("what a killed daemon left is found and ended at the next start, and nothing else", async () => {
	const home = await folder();
	const module = new URL("./open-children.ts", import.meta.url).href;
	const daemon = spawn(
		process.execPath,
		[
			"--input-type=module",
			"-e",
			`import { spawn } from "node:child_process"; import { openChildren } from ${JSON.stringify(module)};
			const children = await openChildren({ maxChildren: 4, storeFile: ${JSON.stringify(path.join(home, "children.json"))}, onProblem: console.error });
			const slot = children.reserve({ kind: "mcp", name: "left", sessionId: null });
			const child = spawn("sh", ["-c", "(setsid sleep 300 &); echo ready; sleep 300"], { env: { ...process.env, ...slot.environment }, stdio: ["ignore", "pipe", "ignore"], detached: true });
			slot.started(child.pid);
			child.stdout.once("data", () => console.log(slot.environment.OPTA_CHILD));`,
		],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	const [line] = (await once(daemon.stdout!, "data")) as [Buffer];
	const mark = line.toString().trim();
	daemon.kill("SIGKILL");
	await once(daemon, "exit");
	await expect.poll(async () => (await running(mark)).length).toBe(3);
	const bystander = spawn("sleep", ["300"], { detached: true });
	onTestFinished(() => {
		bystander.kill("SIGKILL");
	});

	await open(home);

	expect(await running(mark)).toEqual([]);
	expect(bystander.exitCode).toBeNull();
	expect(JSON.parse(await readFile(path.join(home, "children.json"), "utf8"))).toMatchObject({ children: [] });
});
