import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { PlannedProcess } from "./platform-plan.ts";
import { type RunningProcesses, runPlatform } from "./run-platform.ts";

let folder: string;
let running: RunningProcesses | null = null;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-run-"));
});
afterEach(async () => {
	await running?.stop();
	running = null;
	rmSync(folder, { recursive: true, force: true });
});

const serve = "process.send({ type: 'ready' }); setInterval(() => undefined, 1000);";

/** A part of a platform that runs this script. */
function part(name: string, script: string): PlannedProcess {
	return { name, args: ["-e", script], cwd: folder, env: {}, ready: { ipc: true }, sources: [], addresses: [] };
}

/** Ends with these words as soon as there is a file. */
function endAt(file: string, words: string): string {
	return `const timer = setInterval(() => {
		if (require("node:fs").existsSync(${JSON.stringify(file)})) { console.error(${JSON.stringify(words)}); process.exit(1); }
	}, 10);`;
}

it("is ready when every part is", async () => {
	running = runPlatform([part("one", serve), part("two", serve)], "start", folder, () => undefined);
	expect(await running.ready).toEqual({ ok: true });
});

it("is not ready when the last part to be heard of cannot be started, in its own words", async () => {
	const signal = path.join(folder, "others-are-ready");
	const states = new Map<string, string>();
	const plan = [part("one", serve), part("two", serve), part("host", endAt(signal, "The model is damaged."))];
	running = runPlatform(plan, "start", folder, ({ name, state }) => {
		states.set(name, state);
		if (states.get("one") === "ready" && states.get("two") === "ready") {
			writeFileSync(signal, "");
		}
	});
	const logFile = path.join(folder, "host.log");
	expect(await running.ready).toEqual({ ok: false, failed: { name: "host", reason: "The model is damaged.", logFile } });
});

it("does not wait for the others when one cannot be started", async () => {
	const plan = [part("never", "setInterval(() => undefined, 1000);"), part("host", "console.error('No port.'); process.exit(1);")];
	running = runPlatform(plan, "start", folder, () => undefined);
	expect(await running.ready).toMatchObject({ ok: false, failed: { name: "host", reason: "No port." } });
});
