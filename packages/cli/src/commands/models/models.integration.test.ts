import { createServer } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { shapeOf } from "../../golden/shape-of.ts";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";

const smallestModel = path.resolve(import.meta.dirname, "../../../../lmx/models/stories260K.gguf");

let bench: CliBench;
let environment: Record<string, string>;

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** A real LMX with the smallest model, started as a person would. */
beforeAll(async () => {
	bench = await startCliBench();
	const port = await freePort();
	environment = { OPTA_CONNECTION_HOST: "127.0.0.1", OPTA_CONNECTION_PORT: String(port) };
	const started = await bench.run(["serve", "start", "--port", String(port), "--json"], { environment: { OPTA_MODEL: smallestModel } });
	expect(started, started.stderr).toMatchObject({ code: 0 });
	expect(JSON.parse(started.stdout)).toMatchObject({ running: true, started: true });
});
afterAll(async () => {
	expect(JSON.parse((await bench.run(["serve", "stop", "--json"])).stdout)).toEqual({ running: false, wasRunning: true });
	await bench.close();
});

/** Names in the JSON of the commands that succeeded, by command: the golden file of those that need a real host. */
const shapes: Record<string, unknown> = {};

const opta = async (...args: string[]) => {
	const { code, stdout, stderr } = await bench.run([...args, "--json"], { environment });
	if (code === 0 && (args[0] === "models" || args[0] === "serve")) {
		shapes[`opta ${args.slice(0, 2).join(" ")} --json`] = shapeOf(
			JSON.parse(stdout, (_name, value) => (typeof value === "object" && value !== null ? value : 0)),
		);
	}
	return { code, stderr, json: JSON.parse(stdout) };
};

it("finds the host and says what it is", async () => {
	const { code, json } = await opta("connect");
	expect(code).toBe(0);
	expect(json.hosts[0]).toMatchObject({ source: "configuration", reachable: true, usable: true, adminKey: "not_needed" });
	expect((await opta("serve", "start", "--port", environment.OPTA_CONNECTION_PORT ?? "")).json).toMatchObject({ started: false });
	expect((await opta("status")).json.host).toMatchObject({ usable: true });
});

it("lists, measures, makes smaller, loads, unloads and deletes models", async () => {
	// The host answers before its default model is loaded: loading waits for it.
	expect((await opta("models", "load", "stories260k")).json).toMatchObject({ state: "ready" });
	expect((await opta("models", "list")).json.models).toContainEqual(expect.objectContaining({ id: "stories260k", state: "ready" }));
	const measured = await opta("models", "bench", "stories260k", "--prompt-tokens", "16", "--generated-tokens", "8", "--batch-size", "1");
	expect(measured.json).toMatchObject({ state: "succeeded", result: { points: [{ batchSize: 1 }] } });
	const smaller = await opta("models", "quantize", "stories260k", "Q8_0", "--allow-requantize");
	expect(smaller.json.result).toMatchObject({ modelId: "stories260k-q8_0" });
	expect((await opta("models", "load", "stories260k-q8_0")).json).toMatchObject({ state: "ready" });
	expect((await opta("models", "unload", "stories260k-q8_0")).json).toMatchObject({ state: "unloaded" });
	expect((await opta("models", "rm", "stories260k-q8_0")).code).toBe(5);
	expect((await opta("models", "rm", "stories260k-q8_0", "--yes")).json).toMatchObject({ model: "stories260k-q8_0" });
	expect((await opta("models", "pull", "no such model")).code).toBe(2);
	expect((await opta("models", "load", "nothing")).code).toBe(1);
	await opta("models", "jobs");
	expect((await opta("serve", "status")).json).toMatchObject({ running: true });
	await expect(`${JSON.stringify(shapes, null, "\t")}\n`).toMatchFileSnapshot("../../golden/host-json.golden.txt");
});

it("completes a turn with the real model", async () => {
	const { code, json } = await opta("do", "Once upon a time");
	expect([0, 6]).toContain(code);
	expect(json).toMatchObject({ provider: "lmx", model: "stories260k", error: null });
	expect(json.text).not.toBe("");
});

it("keeps models off a client-only computer", async () => {
	const client = { ...environment, OPTA_HOST_POLICY: "client" };
	const pulled = await bench.run(["models", "pull", "qwen3-8b"], { environment: client });
	expect({ code: pulled.code, stderr: pulled.stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("client-only") });
	const served = await bench.run(["serve", "start"], { environment: client });
	expect({ code: served.code, stderr: served.stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("never hosts models") });
});
