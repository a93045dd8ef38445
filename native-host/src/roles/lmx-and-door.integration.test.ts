import { once } from "node:events";
import { copyFileSync, truncateSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chatCompletionSchema } from "@opta/contracts/schema/lmx-chat";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../testing/free-port.ts";
import { type HostBench, openHostBench } from "../testing/host-bench.ts";
import { descendants, processRuns, untilGone } from "../testing/process-state.ts";

const tinyModel = fileURLToPath(new URL("../../../packages/lmx/models/stories260K.gguf", import.meta.url));

let bench: HostBench;
let ports: { lmx: number; door: number };
beforeEach(async () => {
	bench = await openHostBench();
	ports = { lmx: await freePort(), door: await freePort() };
});
afterEach(() => bench.close());

function start(): ReturnType<HostBench["start"]> {
	return bench.start("--lmx-port", String(ports.lmx), "--door-port", String(ports.door), "--model", tinyModel);
}

/** Asks the door until the model is loaded. */
async function untilModelReady(): Promise<void> {
	for (;;) {
		const response = await throughDoor("GET", "/readyz");
		await response.body?.cancel();
		if (response.ok) {
			return;
		}
		await delay(50);
	}
}

async function throughDoor(method: "GET" | "POST", target: string, body?: unknown): Promise<Response> {
	return fetch(`http://127.0.0.1:${ports.door}${target}`, {
		method,
		headers: { authorization: `Bearer ${await bench.passes.make("user")}`, "content-type": "application/json" },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
}

async function story(): Promise<string> {
	const request = { messages: [{ role: "user", content: "Once upon a time" }], max_tokens: 12 };
	const response = await throughDoor("POST", "/v1/chat/completions", request);
	return chatCompletionSchema.parse(await response.json()).choices[0]?.message.content ?? "";
}

describe("a host with inference server and door", () => {
	it("answers through the door, also after the inference server was killed", async () => {
		start();
		const lmx = await bench.nextChange("lmx", "ready");
		await bench.allReady();
		await untilModelReady();
		expect(await story()).not.toBe("");
		const modelProcesses = descendants(lmx.pid!);
		expect(modelProcesses).not.toEqual([]);

		process.kill(lmx.pid!, "SIGKILL");
		await bench.nextChange("lmx", "ready");
		await Promise.all(modelProcesses.map(untilGone));
		await untilModelReady();
		expect(await story()).not.toBe("");
	});

	it.each(["SIGINT", "SIGTERM"] as const)("leaves no process behind at %s, not the model's either", async (signal) => {
		const host = start();
		await bench.allReady();
		await untilModelReady();
		const below = descendants(host.pid!);
		expect(below.length).toBeGreaterThanOrEqual(3);
		host.kill(signal);
		expect(await once(host, "exit")).toEqual([0, null]);
		expect(below.filter(processRuns)).toEqual([]);
	});

	it("leaves no process behind when it is killed itself", async () => {
		const host = start();
		await bench.allReady();
		await untilModelReady();
		const below = descendants(host.pid!);
		host.kill("SIGKILL");
		await Promise.all(below.map(untilGone));
	});
});

describe("a host whose model cannot be used", () => {
	it("says in one line that the file is missing", async () => {
		const missing = path.join(bench.stateDir, "missing.gguf");
		const { code, stderr } = await bench.runToEnd("--roles", "lmx", "--port", String(ports.lmx), "--model", missing);
		expect(code).toBe(1);
		expect(stderr.trimEnd().split("\n")).toEqual([expect.stringContaining(missing)]);
	});

	it("says in one line that the file is cut short", async () => {
		const cut = path.join(bench.stateDir, "cut.gguf");
		copyFileSync(tinyModel, cut);
		truncateSync(cut, 500_000);
		const { code, stderr } = await bench.runToEnd("--roles", "lmx", "--port", String(ports.lmx), "--model", cut);
		expect(code).toBe(1);
		expect(stderr.trimEnd().split("\n")).toEqual([expect.stringContaining(cut)]);
	});
});
