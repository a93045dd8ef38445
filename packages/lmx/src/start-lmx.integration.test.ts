import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { chatChunkSchema, chatCompletionSchema } from "@opta/contracts/schema/lmx-chat";
import { benchJobSchema } from "@opta/contracts/schema/lmx-jobs";
import { type LmxStatus, lmxStatusSchema } from "@opta/contracts/schema/lmx-status";
import { afterEach, describe, expect, it } from "vitest";
import { failingStart, type LmxProcess, postChat, readEvents, startLmxProcess } from "./testing/lmx-process.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) {
		await cleanup();
	}
});

async function start(...flags: string[]): Promise<LmxProcess> {
	const lmx = await startLmxProcess(...flags);
	cleanups.push(() => lmx.stop());
	return lmx;
}

function folder(): string {
	const made = mkdtempSync(path.join(tmpdir(), "opta-lmx-test-"));
	cleanups.push(() => rmSync(made, { recursive: true, force: true }));
	return made;
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
	while (!(await holds())) {
		await delay(20);
	}
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

async function statusOf(lmx: LmxProcess): Promise<LmxStatus> {
	return lmxStatusSchema.parse(await (await fetch(`${lmx.url}/admin/status`)).json());
}

const stories = path.join(import.meta.dirname, "../models/stories260K.gguf");
const longStory = { messages: [{ role: "user", content: "Tell me a long story about a fox." }], max_tokens: 5000, temperature: 0 };

describe("the instruct model that ships", () => {
	it("answers, frees its place when a reader leaves, and survives the death of its process", async () => {
		const lmx = await start("--sequences", "1", "--threads", "1");

		const answer = chatCompletionSchema.parse(
			await (await postChat(lmx.url, { messages: [{ role: "user", content: "What is the capital of France?" }], temperature: 0 })).json(),
		);
		expect(answer.choices[0]).toMatchObject({ message: { content: "The capital of France is Paris." }, finish_reason: "stop" });

		const left = new AbortController();
		// Not by a loop, whose end would leave the stream before it is meant to.
		const story = readEvents(await postChat(lmx.url, { ...longStory, stream: true }, left.signal));
		await until(async () => {
			const event = (await story.next()).value;
			return event !== undefined && Boolean(chatChunkSchema.parse(JSON.parse(event)).choices[0]?.delta.content);
		});
		expect((await statusOf(lmx)).performance.concurrent_requests).toBe(1);
		left.abort();
		const next = await postChat(lmx.url, { ...longStory, max_tokens: 3 });
		expect(next.status).toBe(200);

		const notStreamed = new AbortController();
		const whole = postChat(lmx.url, longStory, notStreamed.signal).catch(() => undefined);
		await until(async () => (await statusOf(lmx)).performance.concurrent_requests === 1);
		notStreamed.abort();
		await whole;
		await until(async () => (await statusOf(lmx)).performance.concurrent_requests === 0);

		const events: string[] = [];
		for await (const event of readEvents(await postChat(lmx.url, { ...longStory, stream: true }))) {
			events.push(event);
			if (events.length === 3) {
				process.kill(lmx.enginePid(), "SIGKILL");
			}
		}
		expect(JSON.parse(events.at(-1) ?? "")).toMatchObject({ error: { code: "model_crashed", type: "server_error" } });
		expect((await fetch(`${lmx.url}/healthz`)).status).toBe(200);
		await until(async () => (await fetch(`${lmx.url}/readyz`)).status === 200);
		expect((await statusOf(lmx)).models[0]).toMatchObject({ state: "ready", restarts: 1 });
		expect((await postChat(lmx.url, { ...longStory, max_tokens: 3 })).status).toBe(200);
	});
});

describe("LMX as a process", () => {
	it("takes the model's process with it, whether told to stop or killed", async () => {
		const stopped = await start("--model", stories);
		const stoppedEngine = stopped.enginePid();
		await stopped.stop();
		expect(isAlive(stoppedEngine)).toBe(false);

		const killed = await start("--model", stories);
		const killedEngine = killed.enginePid();
		process.kill(killed.pid, "SIGKILL");
		await until(() => !isAlive(killedEngine));
	});

	it("gives a model up that keeps dying, and says so", async () => {
		const lmx = await start("--model", "stories260k");
		for (let crash = 0; crash < 3; crash++) {
			await until(async () => (await fetch(`${lmx.url}/readyz`)).status === 200);
			process.kill(lmx.enginePid(), "SIGKILL");
			await until(async () => (await fetch(`${lmx.url}/readyz`)).status === 503);
		}
		expect(await (await fetch(`${lmx.url}/readyz`)).json()).toMatchObject({
			status: "unhealthy",
			reason: expect.stringContaining("given up"),
		});
		const refused = await postChat(lmx.url, longStory);
		expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: "model_unavailable" } }]);
	});

	it("writes nothing but its own folders of the state", async () => {
		const lmx = await start("--model", "stories260k");
		expect(readdirSync(lmx.stateDir).sort()).toEqual(["lmx", "models"]);
		expect(readdirSync(path.join(lmx.stateDir, "lmx"))).toEqual(expect.arrayContaining(["verified-models.json"]));
	});

	it("shows the pages of the LAN, with a policy and caching, and nothing outside of them", async () => {
		const web = folder();
		mkdirSync(path.join(web, "assets"));
		writeFileSync(path.join(web, "index.html"), "<!doctype html><script>theme()</script><script src=/assets/a-1.js></script>");
		writeFileSync(path.join(web, "assets", "a-1.js"), "export {}");
		const lmx = await start("--model", "stories260k", "--web-dir", web);
		const page = await fetch(`${lmx.url}/chat`, { headers: { accept: "text/html" } });
		expect(await page.text()).toContain("theme()");
		expect(page.headers.get("cache-control")).toBe("no-cache");
		expect(page.headers.get("content-security-policy")).toMatch(/script-src 'self' 'sha256-[\w+/=]+';/);
		expect((await fetch(`${lmx.url}/assets/a-1.js`)).headers.get("cache-control")).toContain("immutable");
		expect((await fetch(`${lmx.url}/assets/gone.js`)).status).toBe(404);
		expect((await fetch(`${lmx.url}/v1/nothing`)).status).toBe(404);
		const outside = await new Promise<number | undefined>((resolve) => {
			get(`${lmx.url}/`, { path: "/..%2f..%2fetc%2fpasswd" }, (response) => resolve(response.resume().statusCode));
		});
		expect(outside).toBeGreaterThanOrEqual(400);
	});

	it("does not answer to a name that was pointed here", async () => {
		const lmx = await start("--model", "stories260k");
		const status = await new Promise<number | undefined>((resolve) => {
			get(`${lmx.url}/v1/models`, { headers: { host: "evil.example" } }, (response) => resolve(response.resume().statusCode));
		});
		expect(status).toBe(403);
	});
});

describe("LMX that cannot start ends with one line", () => {
	async function failure(...flags: string[]): Promise<string> {
		const { code, stderr } = await failingStart(...flags);
		expect(code).toBe(1);
		expect(stderr.trimEnd().split("\n")).toHaveLength(1);
		return stderr;
	}

	it("when the model file is missing, empty of sense, cut short or damaged", async () => {
		const models = folder();
		expect(await failure("--model", path.join(models, "gone.gguf"))).toContain("There is no model file");
		writeFileSync(path.join(models, "text.gguf"), "GGUF but nothing that follows");
		expect(await failure("--model", path.join(models, "text.gguf"))).toContain("is not a GGUF model");
		copyFileSync(stories, path.join(models, "cut.gguf"));
		truncateSync(path.join(models, "cut.gguf"), 700_000);
		expect(await failure("--model", path.join(models, "cut.gguf"))).toContain("was cut off");
		const damaged = readFileSync(stories);
		damaged.writeUInt8(255 - damaged.readUInt8(1_000_000), 1_000_000);
		writeFileSync(path.join(models, "stories260K.gguf"), damaged);
		expect(await failure("--model", "stories260k", "--model-dir", models)).toContain("SHA-256");
	});

	it("when a load is not heard of for too long", async () => {
		const config = path.join(folder(), "config.yaml");
		writeFileSync(config, "stall: { load: 20ms }\n");
		expect(await failure("--model", "stories260k", "--config", config)).toContain("did not get on with loading");
	});

	it("when the port is taken", async () => {
		const lmx = await start("--model", "stories260k");
		const { port } = new URL(lmx.url);
		expect(await failure("--model", "stories260k", "--port", port)).toContain(`Port ${port} (inference server) is in use`);
	});

	it("when a flag is wrong", async () => {
		expect(await failure("--sequences", "0")).toContain("--sequences must be a whole number from 1 to 64");
	});
});

it("keeps a job that a stop interrupts, and says at the next start that LMX ended", async () => {
	const stateDir = folder();
	const flags = ["--state-dir", stateDir, "--sequences", "1"];
	const lmx = await start(...flags);
	const bench = { model: "auto", promptTokens: 100, generatedTokens: 1000, batchSizes: [1] };
	const started = await fetch(`${lmx.url}/admin/bench`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(bench),
	});
	const { id } = benchJobSchema.parse(await started.json());
	await until(async () => (await statusOf(lmx)).performance.concurrent_requests > 0);
	await lmx.stop();
	const next = await start(...flags);
	const job = benchJobSchema.parse(await (await fetch(`${next.url}/admin/bench/${id}`)).json());
	expect(job).toMatchObject({ state: "failed", error: { message: expect.stringContaining("LMX ended while this job was running") } });
});
