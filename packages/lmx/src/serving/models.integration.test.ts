import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { adminModelListSchema, modelEstimateSchema, modelTransitionSchema } from "@opta/contracts/schema/lmx-admin-models";
import { modelEntrySchema, modelListSchema } from "@opta/contracts/schema/lmx-models";
import { type LmxStatus, lmxStatusSchema } from "@opta/contracts/schema/lmx-status";
import { afterEach, describe, expect, it } from "vitest";
import { allEvents, type LmxProcess, postChat, readEvents, startLmxProcess } from "../testing/lmx-process.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) {
		await cleanup();
	}
});

const smol = "smollm2-135m-instruct";
const stories = "stories260k";
const hello = { messages: [{ role: "user", content: "Hello" }], max_tokens: 4, temperature: 0 };
const longStory = { messages: [{ role: "user", content: "Tell me a long story about a fox." }], max_tokens: 5000, temperature: 0 };

interface Configured {
	readonly lmx: LmxProcess;
	configure(text: string): void;
}

async function start(config: string, ...flags: string[]): Promise<Configured> {
	const folder = mkdtempSync(path.join(tmpdir(), "opta-lmx-config-"));
	cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
	const file = path.join(folder, "config.yaml");
	writeFileSync(file, config);
	const lmx = await startLmxProcess("--config", file, ...flags);
	cleanups.push(() => lmx.stop());
	return { lmx, configure: (text) => writeFileSync(file, text) };
}

async function statusOf(lmx: LmxProcess): Promise<LmxStatus> {
	return lmxStatusSchema.parse(await (await fetch(`${lmx.url}/admin/status`)).json());
}

function post(lmx: LmxProcess, route: string, body: unknown): Promise<Response> {
	return fetch(`${lmx.url}${route}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
	while (!(await holds())) {
		await delay(20);
	}
}

function processOf(lmx: LmxProcess, model: string): number {
	return lmx.log.findLast((line) => line.msg === "loading model" && line.model === model)?.enginePid as number;
}

describe("which model answers", () => {
	it("loads a named model on demand, takes the largest loaded one for none, and refuses a name that is not there", async () => {
		const { lmx } = await start("", "--model", stories);
		const answeredBy = async (model: string | undefined): Promise<string> =>
			((await (await postChat(lmx.url, { ...hello, model })).json()) as { model: string }).model;
		expect(await answeredBy(undefined)).toBe(stories);
		expect(await answeredBy(smol)).toBe(smol);
		expect(await answeredBy("auto")).toBe(smol);
		expect(await answeredBy(stories.toUpperCase())).toBe(stories);
		const unknown = await postChat(lmx.url, { ...hello, model: "gpt-9" });
		expect([unknown.status, await unknown.json()]).toMatchObject([
			404,
			{ error: { code: "model_not_found", param: "model", message: expect.stringContaining(smol) } },
		]);
	});

	it("says of a name that is not there whether it can be downloaded or is damaged, as the list of models does", async () => {
		const modelDir = mkdtempSync(path.join(tmpdir(), "opta-models-"));
		cleanups.push(() => rmSync(modelDir, { recursive: true, force: true }));
		writeFileSync(path.join(modelDir, "torn.gguf"), "GGUF");
		const { lmx } = await start(`modelDir: ${modelDir}\n`, "--model", stories);
		const refusal = async (model: string): Promise<unknown> => {
			const answer = await postChat(lmx.url, { ...hello, model });
			return [answer.status, ((await answer.json()) as { error: { message: string } }).error.message];
		};
		const { problems } = adminModelListSchema.parse(await (await fetch(`${lmx.url}/admin/models`)).json());
		expect(problems).toEqual([{ name: "torn", reason: expect.any(String) }]);
		expect(await refusal("torn")).toEqual([404, problems[0]?.reason]);
		expect(await refusal("qwen3-8b")).toEqual([404, expect.stringContaining("POST /admin/models/download")]);
	});

	it("lists presets beside the models, as they would answer", async () => {
		const { lmx } = await start("", "--model", stories);
		const put = (name: string, body: unknown): Promise<Response> =>
			fetch(`${lmx.url}/admin/presets/${name}`, {
				method: "PUT",
				headers: { "content-type": "application/json" },
				body: JSON.stringify(body),
			});
		await put("Coder", { title: "Writes code", model: smol, systemPrompt: "You write code." });
		await put("chat", {});
		await postChat(lmx.url, hello);
		const { data } = modelListSchema.parse(await (await fetch(`${lmx.url}/v1/models`)).json());
		expect(data.filter(({ opta }) => opta.preset === null).map(({ id }) => id)).toEqual(expect.arrayContaining([smol, stories]));
		expect(data.filter(({ opta }) => opta.preset !== null)).toMatchObject([
			{ id: "chat", opta: { state: "ready", preset: { model: "auto" } } },
			{
				id: "Coder",
				opta: { title: "Writes code", state: "unloaded", defaultSystemPrompt: "You write code.", preset: { model: smol }, fileBytes: null },
			},
		]);
		const one = modelEntrySchema.parse(await (await fetch(`${lmx.url}/v1/models/coder`)).json());
		expect(one.id).toBe("Coder");
	});
});

describe("memory", () => {
	it("evicts an idle model for another one, but refuses with numbers rather than end an answer", async () => {
		const config = "memoryCeiling: 185MB\nmemoryWait: 200ms\npreparedWeights: off\ndefaults: { contextTokens: 2048, sequences: 2 }\n";
		const { lmx } = await start(config, "--model", stories);
		expect((await statusOf(lmx)).memory.loaded_models).toEqual([stories]);
		const estimate = modelEstimateSchema.parse(await (await post(lmx, "/admin/models/estimate", { model: smol })).json());
		expect(estimate).toMatchObject({ capacityBytes: 185e6, outcome: "evicts", models: [stories] });
		expect((await postChat(lmx.url, { ...hello, model: smol })).status).toBe(200);
		expect((await statusOf(lmx)).memory.loaded_models).toEqual([smol]);

		const left = new AbortController();
		const events = readEvents(await postChat(lmx.url, { ...longStory, model: smol, stream: true }, left.signal));
		await events.next();
		const refused = await postChat(lmx.url, { ...hello, model: stories });
		expect(refused.status).toBe(503);
		expect(await refused.json()).toMatchObject({ error: { code: "insufficient_memory", details: { evictableBytes: 0 } } });
		expect((await events.next()).done).toBe(false);
		left.abort();
		await until(async () => (await postChat(lmx.url, { ...hello, model: stories })).status === 200);
		expect((await statusOf(lmx)).memory.loaded_models).toEqual([stories]);
	});

	it("says what it needs, has and could free when busy models leave no room", async () => {
		const { lmx } = await start(`memoryCeiling: 60MB\nmemoryWait: 100ms\n`, "--model", stories);
		const response = await postChat(lmx.url, { ...hello, model: smol });
		expect(response.status).toBe(503);
		expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
		const { error } = (await response.json()) as { error: { code: string; details: Record<string, number> } };
		expect(error.code).toBe("insufficient_memory");
		expect(error.details.requiredBytes).toBeGreaterThan(100e6);
		expect(error.details.availableBytes).toBeLessThanOrEqual(60e6);
		expect(error.details).toHaveProperty("evictableBytes");
		expect((await postChat(lmx.url, { ...hello, model: stories })).status).toBe(200);
	});

	it("predicts within a fifth of what a model really takes", async () => {
		const { lmx } = await start("", "--model", smol, "--context-tokens", "2048", "--sequences", "1");
		await postChat(lmx.url, { ...hello, messages: [{ role: "user", content: "word ".repeat(1200) }] });
		const [model] = (await statusOf(lmx)).models;
		expect(model?.memory?.realBytes).toBeGreaterThan(100e6);
		expect(Math.abs(model?.memory?.errorPercent ?? 100)).toBeLessThan(20);
	});
});

describe("how long models stay", () => {
	it("unloads a model right after the answer for keep_alive 0, and shows when another one goes", async () => {
		const { lmx } = await start("defaults: { keepAlive: 10m }\n", "--model", stories);
		const [waiting] = (await statusOf(lmx)).models;
		expect(Date.parse(waiting?.expiresAt ?? "") - Date.now()).toBeGreaterThan(500_000);
		expect((await postChat(lmx.url, { ...hello, keep_alive: 0 })).status).toBe(200);
		await until(async () => (await statusOf(lmx)).models.length === 0);
		expect((await fetch(`${lmx.url}/readyz`)).status).toBe(200);
		expect((await postChat(lmx.url, hello)).status).toBe(200);
	});
});

describe("the models' routes", () => {
	it("loads with options, swaps under an open answer, drains, lists and refuses to delete what ships", async () => {
		const { lmx } = await start("", "--model", stories);
		const loaded = await post(lmx, "/admin/models/load?wait=true", { model: stories, contextTokens: 256, sequences: 2, pin: true });
		expect(modelTransitionSchema.parse(await loaded.json())).toMatchObject({
			state: "ready",
			loaded: { contextTokens: 256, sequences: 2, pinned: true },
		});
		const answer = await postChat(lmx.url, { ...longStory, max_tokens: 200, stream: true });
		const swapped = await post(lmx, "/admin/models/load?wait=true", { model: stories, contextTokens: 512 });
		expect(modelTransitionSchema.parse(await swapped.json()).loaded).toMatchObject({ contextTokens: 512, pinned: false });
		expect((await allEvents(answer)).at(-1)).toBe("[DONE]");
		const list = adminModelListSchema.parse(await (await fetch(`${lmx.url}/admin/models`)).json());
		expect(list.models.find(({ id }) => id === stories)).toMatchObject({
			state: "ready",
			isDefault: true,
			isDeletable: false,
			architecture: "llama",
			quantisation: "F32",
			licence: "MIT",
		});
		expect(list.models.find(({ id }) => id === smol)).toMatchObject({ state: "unloaded", loaded: null });
		const kept = await fetch(`${lmx.url}/admin/models/${stories}`, { method: "DELETE" });
		expect([kept.status, await kept.json()]).toMatchObject([409, { error: { code: "conflict" } }]);
		const gone = await post(lmx, "/admin/models/unload", { model: stories, mode: "now" });
		expect(modelTransitionSchema.parse(await gone.json())).toEqual({ model: stories, state: "unloaded", loaded: null });
		expect((await post(lmx, "/admin/models/load", { model: "nothing" })).status).toBe(404);
		const unknown = await post(lmx, "/admin/models/load", { model: stories, context: 1 });
		expect([unknown.status, await unknown.json()]).toMatchObject([400, { error: { param: "context" } }]);
	});
});

describe("a model's process that goes wrong", () => {
	it("is started again after a kill while others answer on, and its open answer ends with an error", async () => {
		const { lmx } = await start("", "--model", stories);
		await post(lmx, "/admin/models/load?wait=true", { model: smol, contextTokens: 1024, sequences: 2 });
		const doomed = readEvents(await postChat(lmx.url, { ...longStory, model: smol, stream: true }));
		await doomed.next();
		const untouched = allEvents(await postChat(lmx.url, { ...longStory, model: stories, max_tokens: 300, stream: true }));
		process.kill(processOf(lmx, smol), "SIGKILL");
		let last = "";
		for await (const event of doomed) {
			last = event;
		}
		expect(JSON.parse(last)).toMatchObject({ error: { code: "model_crashed", type: "server_error" } });
		expect((await untouched).at(-1)).toBe("[DONE]");
		expect((await postChat(lmx.url, { ...hello, model: smol })).status).toBe(200);
		expect((await statusOf(lmx)).models.find(({ id }) => id === smol)).toMatchObject({ state: "ready", restarts: 1 });
	});

	it("is reported when it makes no progress, and started again", async () => {
		const { lmx } = await start("stall: { report: 1s, restart: 4s }\n", "--model", smol, "--context-tokens", "1024");
		const stuck = readEvents(await postChat(lmx.url, { ...longStory, stream: true }));
		await stuck.next();
		process.kill(processOf(lmx, smol), "SIGSTOP");
		await until(async () => (await fetch(`${lmx.url}/readyz`)).status === 503);
		expect(await (await fetch(`${lmx.url}/readyz`)).json()).toMatchObject({
			status: "unhealthy",
			reason: expect.stringMatching(/has made no progress for \d+ s|stopped/),
		});
		let last = "";
		for await (const event of stuck) {
			last = event;
		}
		expect(JSON.parse(last)).toMatchObject({ error: { code: "model_crashed" } });
		await until(async () => (await fetch(`${lmx.url}/readyz`)).status === 200);
		expect((await postChat(lmx.url, hello)).status).toBe(200);
	});

	it("is given up when it fails three times, and tried again when somebody asks", async () => {
		const { lmx } = await start("", "--model", stories);
		for (let crash = 0; crash < 3; crash++) {
			await until(async () => (await fetch(`${lmx.url}/readyz`)).status === 200);
			process.kill(processOf(lmx, stories), "SIGKILL");
			await until(async () => (await fetch(`${lmx.url}/readyz`)).status === 503);
		}
		const refused = await postChat(lmx.url, { ...hello, model: stories });
		expect([refused.status, await refused.json()]).toMatchObject([
			503,
			{ error: { code: "model_unavailable", message: expect.stringContaining("POST /admin/models/load") } },
		]);
		expect((await statusOf(lmx)).models).toMatchObject([{ id: stories, state: "failed", reason: expect.stringContaining("given up") }]);
		expect((await post(lmx, "/admin/models/load?wait=true", { model: stories })).status).toBe(200);
		expect((await postChat(lmx.url, hello)).status).toBe(200);
	});
});

describe("the configuration", () => {
	it("is read again by request and on SIGHUP; a mistake is named and changes nothing", async () => {
		const { lmx, configure } = await start(`defaultModel: ${stories}\n`);
		configure("defaultModel: [1]\n");
		const refused = await post(lmx, "/admin/config/reload", {});
		expect([refused.status, await refused.json()]).toMatchObject([
			400,
			{ error: { message: expect.stringMatching(/config\.yaml:1:15: defaultModel: .+ The configuration before holds on\./) } },
		]);
		await post(lmx, "/admin/models/unload", { model: stories, mode: "now" });
		expect(((await (await postChat(lmx.url, hello)).json()) as { model: string }).model).toBe(stories);
		configure(`defaultModel: ${smol}\ndefaults: { contextTokens: 512 }\n`);
		process.kill(lmx.pid, "SIGHUP");
		await lmx.logged((line) => line.msg === "configuration read");
		await post(lmx, "/admin/models/unload", { model: stories, mode: "now" });
		expect(((await (await postChat(lmx.url, hello)).json()) as { model: string }).model).toBe(smol);
		expect((await statusOf(lmx)).models[0]?.contextTokens).toBe(512);
	});
});
