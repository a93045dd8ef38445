import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { lmxStatusSchema } from "@opta/contracts/schema/lmx-status";
import { optaConfigSchema } from "@opta/contracts/schema/opta-config";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEgress } from "../egress/create-egress.ts";
import type { Egress } from "../egress/egress.ts";
import type { Models } from "../model/models.ts";
import { openModels } from "../model/open-models.ts";
import { expectValue, startTestDaemon } from "../testing/daemon-in-process.ts";
import { type LmxProcess, startLmxProcess } from "../testing/lmx-process.ts";
import { createScriptedSession } from "../testing/scripted-turn.ts";
import type { TurnRunner } from "../turns/turn-runner.ts";
import { createAgent } from "./create-agent.ts";

const config = optaConfigSchema.parse({ agent: { temperature: 0 } });
let folder: string;
let lmx: LmxProcess;
let egress: Egress;
let models: Models;
let agent: TurnRunner;

beforeAll(async () => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-real-lmx-"));
	lmx = await startLmxProcess("--model", "smollm2-135m-instruct");
	egress = createEgress({ localOnly: () => true, lmxAddress: () => lmx });
	models = openModels({
		egress,
		config: () => config,
		lmxAddress: () => lmx,
		adminKey: async () => null,
		anthropicKey: async () => null,
		folder: path.join(folder, "models"),
		onProblem: (message) => {
			throw new Error(message);
		},
	});
	const noTools = { list: () => [], find: () => undefined, closeSession: async () => undefined, close: async () => undefined };
	agent = createAgent({ models, tools: noTools, config: () => config });
});

afterAll(async () => {
	await models.close();
	await egress.close();
	await lmx.stop();
	rmSync(folder, { recursive: true, force: true });
});

it("answers a turn with the model that LMX has, and takes the second turn's beginning from the cache", async () => {
	const session = createScriptedSession({ workspace: folder });
	const first = await session.run(agent, "What is the capital of France? Answer in one word.");
	expect(first).toMatchObject({ ok: true, reason: "stop" });
	expect(session.file.messages[1]?.content.length).toBeGreaterThan(2);
	expect(session.durable[0]).toMatchObject({ type: "turn.started", data: { model: "smollm2-135m-instruct", provider: "lmx" } });
	const second = await session.run(agent, "And of Italy? Answer in one word.");
	expect(second).toMatchObject({ ok: true });
	expect(second.usage.cachedTokens).toBeGreaterThan(first.usage.promptTokens * 0.9);
	const stages = session.volatile.flatMap((event) => (event.type === "turn.progress" ? [event.data] : []));
	expect(stages).toContainEqual(expect.objectContaining({ stage: "reading_prompt", fraction: 1 }));
	const { models: listed } = await models.list(new AbortController().signal);
	expect(listed.find(({ id }) => id === "smollm2-135m-instruct")?.probe).toMatchObject({
		contextTokens: expect.any(Number),
		promptTokensPerSecond: expect.any(Number),
	});
	expect(egress.log().every(({ target }) => target === `127.0.0.1:${lmx.port}`)).toBe(true);
});

it("ends the work of LMX when the turn is cancelled", async () => {
	const cancel = new AbortController();
	const session = createScriptedSession({
		workspace: folder,
		onEvent: (event) => (event.type === "turn.token" ? cancel.abort() : undefined),
	});
	const end = await agent.run(session.say("Tell me a very long story about a lighthouse.", { signal: cancel.signal }));
	expect(end).toMatchObject({ ok: true, reason: "cancelled" });
	const active = async (): Promise<number> => {
		const response = await fetch(`http://127.0.0.1:${lmx.port}/admin/status`);
		return lmxStatusSchema.parse(await response.json()).performance.concurrent_requests;
	};
	await expect.poll(active).toBe(0);
});

it("serves a client of the daemon, and tells how much of the prompts came from the cache", async () => {
	const { host, port } = lmx;
	const daemon = await startTestDaemon({ connection: { host, port }, agent: { temperature: 0, titles: false } });
	const client = daemon.client();
	const id = await daemon.createSession();
	for (const content of ["What is the capital of Spain? One word.", "And of Portugal? One word."]) {
		const over = new AbortController();
		const followed = client.followSession(
			id,
			{ onSnapshot: () => undefined, onEvent: ({ type }) => (type === "turn.done" || type === "turn.error" ? over.abort() : undefined) },
			over.signal,
		);
		expectValue(await client.createTurn(id, { content }, randomUUID()));
		await followed;
	}
	const { messages, metadata } = expectValue(await client.readSession(id));
	expect(messages.map(({ role, provider }) => [role, provider ?? null])).toEqual([
		["user", null],
		["assistant", "lmx"],
		["user", null],
		["assistant", "lmx"],
	]);
	expect(metadata.usage.cachedTokens).toBeGreaterThan(20);
	const { model } = expectValue(await client.status());
	expect(model).toMatchObject({ provider: "lmx", reachable: true, localOnly: true });
	expect(model.cacheHitRate).toBeGreaterThan(0.3);
	await daemon.close();
});

it("gives a session a title, or none where the model answers instead", async () => {
	const session = createScriptedSession({ workspace: folder });
	session.say("How do I bake bread without yeast?");
	const title = await agent.title(session.file, new AbortController().signal);
	expect(title === null || (title.length > 2 && title.split(" ").length <= 10), `${title}`).toBe(true);
});
