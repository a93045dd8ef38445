import { fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chatRequestSchema } from "@opta/contracts/schema/lmx-chat";
import type { LmxEvent } from "@opta/contracts/schema/lmx-events";
import type { ModelState } from "@opta/contracts/schema/lmx-models";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventBus } from "../../events/event-bus.ts";
import type { InstalledModel } from "../../library/installed-model.ts";
import type { LoadOptions } from "../../serving/load-options.ts";
import { HeardAnswer } from "../../testing/heard-answer.ts";
import { MlxRunner } from "./mlx-runner.ts";

let folder: string;
let command: string;
let states: ModelState[];
let events: LmxEvent[];
let runner: MlxRunner;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-mlx-"));
	command = path.join(folder, "mlx_lm.server");
	const fake = path.join(import.meta.dirname, "../../testing/fake-mlx-server.ts");
	writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${fake}" "$@"\n`);
	chmodSync(command, 0o755);
});

afterEach(async () => {
	await runner.stop();
	rmSync(folder, { recursive: true, force: true });
});

function start(modelPath = "/models/qwen3-8b-4bit", use: string | null = command): Promise<string | null> {
	const bus = new EventBus();
	states = [];
	events = [];
	bus.subscribe((event) => events.push(event));
	runner = new MlxRunner(
		{ id: "qwen3-8b-4bit", format: "mlx", path: modelPath, fileBytes: 1e9, trainedContextTokens: 32_768 } as InstalledModel,
		{ sequences: 4 } as LoadOptions,
		{ onState: (state) => states.push(state) },
		{ command: use, events: bus, logger: pino({ enabled: false }), health: { everyMs: 50, timeoutMs: 300 } },
	);
	return runner.start();
}

async function say(content: string): Promise<HeardAnswer> {
	const heard = new HeardAnswer();
	const request = chatRequestSchema.parse({ messages: [{ role: "user", content }] });
	runner.backend.chat(request, { requestId: "r", client: "c", priority: "normal" }, heard);
	await heard.over;
	return heard;
}

function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

describe("MlxRunner", () => {
	it("loads a model, asks it by the one name that the server knows, and ends it", async () => {
		expect(await start()).toBeNull();
		expect(await say("Hi")).toMatchObject({
			content: "default_model 32768 /models/qwen3-8b-4bit",
			finishes: ["stop"],
			usage: { prompt_tokens: 3, prompt_tokens_details: { cached_tokens: 1 } },
		});
		expect(runner.status()).toMatchObject({ contextTokens: 32_768, sequences: 4, activeRequests: 0, restarts: 0 });
		await runner.stop();
		expect(states).toEqual(["loading", "ready", "unloaded"]);
	});

	it("comes back after a crash, and the answer that was running is an error", async () => {
		await start();
		expect((await say("crash")).error).toMatchObject({ code: "model_crashed" });
		await expect.poll(() => [runner.status().restarts, runner.state], { timeout: 10_000 }).toEqual([1, "ready"]);
		expect(states).toEqual(["loading", "ready", "restarting", "ready"]);
		expect(events).toMatchObject([{ type: "model.crashed", model: "qwen3-8b-4bit", restartInMs: 250 }]);
		expect((await say("Hi")).error).toBeNull();
	});

	it("is started again when it does not answer any more", async () => {
		await start();
		await say("wedge");
		await expect.poll(() => [runner.status().restarts, runner.state], { timeout: 10_000 }).toEqual([1, "ready"]);
		expect((await say("Hi")).error).toBeNull();
	});

	it("says why a model cannot be loaded, in the words of the server", async () => {
		expect(await start("/models/broken")).toContain("Model type unheard-of not supported");
		expect(runner.state).toBe("failed");
	});

	it("says what is missing where there is no mlx_lm.server", async () => {
		expect(await start("/models/a", null)).toContain("Apple Silicon");
		expect(await start("/models/a", path.join(folder, "nowhere"))).toContain("ENOENT");
	});

	it("can be unloaded while it loads", async () => {
		const loaded = start();
		await runner.stop();
		expect(await loaded).toContain("unloaded while it was being loaded");
	});
});

it("ends the command when LMX is killed", async () => {
	await start();
	const guardFile = path.join(import.meta.dirname, "mlx-guard.ts");
	const script = path.join(folder, "lmx.mjs");
	writeFileSync(
		script,
		`import { fork } from "node:child_process";
		const guard = fork(${JSON.stringify(guardFile)}, ["sleep", "600"]);
		guard.on("message", (message) => process.send(message));`,
	);
	const lmx = fork(script);
	const [{ pid }] = (await once(lmx, "message")) as [{ pid: number }];
	expect(isRunning(pid)).toBe(true);
	lmx.kill("SIGKILL");
	await expect.poll(() => isRunning(pid)).toBe(false);
});
