import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { optaConfigSchema } from "@opta/contracts/schema/opta-config";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEgress } from "../egress/create-egress.ts";
import type { Egress } from "../egress/egress.ts";
import { messageEvents, type ScriptedAnthropic, startScriptedAnthropic } from "../testing/scripted-anthropic.ts";
import { type ScriptedModel, startScriptedModel } from "../testing/scripted-model.ts";
import type { ModelEvent, ModelRequest } from "./model-source.ts";
import type { Models } from "./models.ts";
import { openModels } from "./open-models.ts";

const never = new AbortController().signal;
const ignore = (): void => undefined;

let folder: string;
let model: ScriptedModel;
let anthropic: ScriptedAnthropic;
let egress: Egress;
let opened: Models[];
let now: Date;
let problems: string[];

beforeEach(async () => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-models-"));
	model = await startScriptedModel({ models: ["small", "large"], contextTokens: 4096 });
	anthropic = await startScriptedAnthropic();
	opened = [];
	problems = [];
	now = new Date("2026-11-23T10:00:00Z");
});

afterEach(async () => {
	await Promise.all(opened.map((models) => models.close()));
	await egress.close();
	await model.close();
	await anthropic.close();
	rmSync(folder, { recursive: true, force: true });
});

function open(settings: Record<string, unknown> = {}, key: string | null = "sk-ant-key"): Models {
	const config = optaConfigSchema.parse({ ...settings, anthropic: { baseUrl: anthropic.url, ...(settings.anthropic as object) } });
	egress = createEgress({ localOnly: () => config.localOnly, lmxAddress: () => model });
	const models = openModels({
		egress,
		config: () => config,
		lmxAddress: () => model,
		adminKey: async () => null,
		anthropicKey: async () => key,
		folder,
		onProblem: (message) => problems.push(message),
		now: () => now,
	});
	opened.push(models);
	return models;
}

async function ask(models: Models, name: string, request: Partial<ModelRequest> = {}): Promise<ModelEvent[]> {
	const chosen = await models.choose(name, never, ignore);
	if (!chosen.ok) {
		throw new Error(chosen.failure.message);
	}
	const events: ModelEvent[] = [];
	for await (const event of chosen.value.ask({ messages: [{ role: "user", content: "Hi" }], tools: [], ...request }, never)) {
		events.push(event);
	}
	return events;
}

describe("a model of LMX", () => {
	it("is measured once, also when several ask at the same time and after a restart", async () => {
		const models = open();
		const chosen = await Promise.all([models.choose("small", never, ignore), models.choose("small", never, ignore)]);
		expect(chosen).toMatchObject([{ value: { id: "small", probe: { tools: "native", contextTokens: 4096 } } }, { value: { id: "small" } }]);
		expect(model.asides).toHaveLength(1);
		await open().choose("small", never, ignore);
		expect(model.asides).toHaveLength(1);
		const { models: listed, problem } = await models.list(never);
		expect(listed.map(({ id, probe }) => [id, probe?.tools ?? null])).toEqual([
			["small", "native"],
			["large", null],
		]);
		expect(problem).toBeNull();
	});

	it("is asked again another day where it called no tool", async () => {
		model.replyWhen(() => true, { text: "What tool?" });
		model.replyWhen(() => true, { text: "I am ready." });
		const models = open();
		expect(await models.choose("small", never, ignore)).toMatchObject({ value: { probe: { tools: "none" } } });
		await models.choose("small", never, ignore);
		expect(model.asides).toHaveLength(2);
		now = new Date("2026-11-24T10:00:01Z");
		expect(await models.choose("small", never, ignore)).toMatchObject({ value: { probe: { tools: "native" } } });
	});

	it("is the configured one for auto, else what LMX has loaded", async () => {
		expect(await open({ model: "large" }).choose("auto", never, ignore)).toMatchObject({ value: { id: "large" } });
		expect(await open().choose("auto", never, ignore)).toMatchObject({ value: { id: "small" } });
	});

	it("is refused where there is none of that name, with the server's words", async () => {
		expect(await open().choose("huge", never, ignore)).toMatchObject({ ok: false, failure: { code: "model_not_found" } });
	});

	it("is measured anew where the file of measurements is damaged", async () => {
		writeFileSync(path.join(folder, "models.json"), '{"version": 1, "models": {');
		expect(await open().choose("small", never, ignore)).toMatchObject({ ok: true });
	});
});

it("answers also where its measurement cannot be kept, and tells that", async () => {
	rmSync(folder, { recursive: true });
	writeFileSync(folder, "a file in the place of the folder");
	const models = open();
	expect(await models.choose("small", never, ignore)).toMatchObject({ ok: true });
	await models.choose("small", never, ignore);
	expect(model.asides).toHaveLength(1);
	expect(problems).toContainEqual(expect.stringContaining("cannot be kept"));
});

describe("Anthropic", () => {
	const on = { localOnly: false, anthropic: { enabled: true, model: "claude-test-1" } };

	it("answers where its model is chosen, with tools, cached tokens and the key in a header", async () => {
		anthropic.reply(...messageEvents([{ text: "I look." }, { tool: "read_file", input: '{"path":"a"}' }], "tool_use"));
		const events = await ask(open(on), "claude-test-1", {
			messages: [
				{ role: "system", content: "Be brief." },
				{ role: "user", content: "Look" },
				{
					role: "assistant",
					content: "",
					calls: [
						{ id: "1", name: "read_file", argumentsText: "{}" },
						{ id: "2", name: "read_file", argumentsText: "{}" },
					],
				},
				{ role: "tool", callId: "1", content: "one", ok: true },
				{ role: "tool", callId: "2", content: "two", ok: false },
			],
			tools: [{ name: "read_file", description: "Reads", parameters: { type: "object" } }],
		});
		expect(events.slice(-3)).toEqual([
			{ type: "text", text: "I look." },
			{ type: "call", call: { id: "toolu_1", name: "read_file", argumentsText: '{"path":"a"}' } },
			{
				type: "done",
				model: "claude-test-1",
				reason: "tool_calls",
				usage: { promptTokens: 100, cachedTokens: 90, completionTokens: 7 },
				speed: { promptTokensPerSecond: null, tokensPerSecond: null },
			},
		]);
		const [request] = anthropic.requests;
		expect(request).toMatchObject({ path: "/v1/messages", headers: { "x-api-key": "sk-ant-key", "anthropic-version": "2023-06-01" } });
		expect(request?.body).toMatchObject({
			system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
			tools: [{ name: "read_file", input_schema: { type: "object" } }],
		});
		expect(request?.body.messages.map(({ role }: { role: string }) => role)).toEqual(["user", "assistant", "user"]);
		expect(request?.body.messages[2].content).toMatchObject([
			{ type: "tool_result", tool_use_id: "1", is_error: false },
			{ type: "tool_result", tool_use_id: "2", is_error: true },
		]);
	});

	it("waits as long as it is told, and gives its errors in its words", async () => {
		const models = open(on);
		anthropic.reply({ status: 429, body: { error: { type: "rate_limit_error", message: "Slow down." } }, headers: { "retry-after": "0" } });
		anthropic.reply(...messageEvents([{ text: "Now." }], "end_turn"));
		expect((await ask(models, "claude-test-1")).at(-1)).toMatchObject({ type: "done", reason: "stop" });
		anthropic.reply({ status: 400, body: { error: { type: "invalid_request_error", message: "prompt is too long: 300000 tokens" } } });
		expect((await ask(models, "claude-test-1")).at(-1)).toMatchObject({ failure: { code: "context_length_exceeded" } });
		anthropic.reply({ status: 401, body: { error: { type: "authentication_error", message: "invalid x-api-key" } } });
		expect((await ask(models, "claude-test-1")).at(-1)).toMatchObject({
			failure: { code: "unauthenticated", message: "invalid x-api-key" },
		});
		anthropic.reply(...messageEvents([{ text: "Half" }], "end_turn").slice(0, 4), {
			type: "error",
			error: { type: "overloaded_error", message: "Overloaded" },
		});
		expect((await ask(models, "claude-test-1")).at(-1)).toMatchObject({ failure: { hadOutput: true, message: "Overloaded" } });
		anthropic.reply(...messageEvents([{ text: "Half" }], "end_turn").slice(0, 4));
		expect((await ask(models, "claude-test-1")).at(-1)).toMatchObject({ failure: { code: "host_unreachable", hadOutput: true } });
	});

	it("stands in where LMX cannot be reached, and only there", async () => {
		const models = open(on);
		expect(await models.choose("auto", never, ignore)).toMatchObject({ value: { provider: "lmx" } });
		await model.close();
		expect(await models.choose("auto", never, ignore)).toMatchObject({ value: { id: "claude-test-1", provider: "anthropic" } });
		expect(await models.status(never)).toMatchObject({ reachable: false, problem: expect.stringContaining("cannot be reached") });
		expect((await models.list(never)).models).toMatchObject([{ id: "claude-test-1", provider: "anthropic" }]);
	});

	it.each([
		["it is switched off", { localOnly: false }, "sk-ant-key", "anthropic.enabled"],
		["only local addresses may be reached", { anthropic: { enabled: true } }, "sk-ant-key", "Local only"],
		["there is no key", { localOnly: false, anthropic: { enabled: true } }, null, "ANTHROPIC_API_KEY"],
	])("is not asked where %s, which is said", async (_why, settings, key, words) => {
		const models = open(settings, key);
		expect(await models.choose("claude-test-1", never, ignore)).toMatchObject({
			ok: false,
			failure: { message: expect.stringContaining(words) },
		});
		await model.close();
		expect(await models.choose("auto", never, ignore)).toMatchObject({ ok: false, failure: { code: "host_unreachable" } });
		expect(anthropic.requests).toEqual([]);
	});
});
