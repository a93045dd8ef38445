import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { optaConfigSchema } from "@opta/contracts/schema/opta-config";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createEgress } from "../egress/create-egress.ts";
import type { Egress } from "../egress/egress.ts";
import type { Models } from "../model/models.ts";
import { openModels } from "../model/open-models.ts";
import { type ScriptedModel, type ScriptedModelOptions, startScriptedModel } from "../testing/scripted-model.ts";
import { createHeld } from "../testing/scripted-reply.ts";
import { createScriptedSession, type ScriptedSession, type ScriptedSessionOptions, userMessage } from "../testing/scripted-turn.ts";
import { defineTool, type Tool, type ToolKind, type ToolOutcome } from "../tools/tool.ts";
import type { TurnRunner } from "../turns/turn-runner.ts";
import { createAgent } from "./create-agent.ts";

let folder: string;
let model: ScriptedModel;
let egress: Egress;
let models: Models;
let agent: TurnRunner;
let session: ScriptedSession;
let ran: string[];

function tool(name: string, kind: ToolKind, run: (path: string, signal: AbortSignal) => Promise<ToolOutcome>): Tool {
	return defineTool({
		name,
		description: `The tool ${name}.`,
		kind,
		input: z.strictObject({ path: z.string() }),
		access: ({ path: subject }) => ({ title: `${name} ${subject}`, subjects: [subject], alwaysPatterns: [] }),
		async run({ path: subject }, context) {
			ran.push(`${name} ${subject}`);
			context.onOutput(`${subject}…`);
			return run(subject, context.signal);
		},
	});
}

const subAgentTool = defineTool({
	name: "sub_agent",
	description: "Runs a task.",
	kind: "interact",
	input: z.strictObject({ task: z.string() }),
	access: ({ task }) => ({ title: task, subjects: [], alwaysPatterns: [] }),
	run: ({ task }, context) => context.runSubAgent(task),
});

interface Setup {
	readonly model?: ScriptedModelOptions;
	readonly session?: Partial<ScriptedSessionOptions>;
	readonly tools?: readonly Tool[];
	readonly config?: Record<string, unknown>;
}

async function setUp(setup: Setup = {}): Promise<void> {
	model = await startScriptedModel(setup.model);
	const config = optaConfigSchema.parse(setup.config ?? {});
	egress = createEgress({ localOnly: () => config.localOnly, lmxAddress: () => model });
	models = openModels({
		egress,
		config: () => config,
		lmxAddress: () => model,
		adminKey: async () => null,
		anthropicKey: async () => null,
		folder: path.join(folder, "models"),
	});
	const tools = setup.tools ?? [
		tool("read_file", "read", async (subject) => ({ ok: true, output: `content of ${subject}` })),
		tool("write_file", "edit", async () => ({ ok: true, output: "written" })),
		subAgentTool,
	];
	agent = createAgent({
		models,
		tools: {
			list: () => tools,
			find: (name) => tools.find((each) => each.name === name),
			closeSession: async () => undefined,
			close: async () => undefined,
		},
		config: () => config,
	});
	session = createScriptedSession({ workspace: folder, ...setup.session });
}

beforeEach(() => {
	ran = [];
	folder = mkdtempSync(path.join(tmpdir(), "opta-agent-"));
});

afterEach(async () => {
	await models.close();
	await egress.close();
	await model.close();
	rmSync(folder, { recursive: true, force: true });
});

function types(): string[] {
	return session.durable.map(({ type }) => type);
}

function results(): string[] {
	return session.durable.flatMap((event) => (event.type === "tool.result" ? [event.data.output] : []));
}

function tokens(): string {
	return session.volatile.map((event) => (event.type === "turn.token" && event.data.channel === "text" ? event.data.text : "")).join("");
}

describe("a turn", () => {
	it("streams an answer, and keeps it whole with who wrote it", async () => {
		await setUp();
		model.reply({ reasoning: "Simple." }, { text: "Hello, person." });
		expect(await session.run(agent, "Hi")).toMatchObject({ ok: true, reason: "stop", usage: { completionTokens: 5 } });
		expect(types()).toEqual(["turn.started", "turn.message"]);
		expect(session.durable[0]).toMatchObject({ data: { model: "scripted", provider: "lmx" } });
		expect(session.file.messages[1]).toMatchObject({ role: "assistant", content: "Hello, person.", reasoning: "Simple.", provider: "lmx" });
		expect(tokens()).toBe("Hello, person.");
		const offsets = session.volatile.flatMap((event) =>
			event.type === "turn.token" && event.data.channel === "text" ? [event.data.offset] : [],
		);
		expect(offsets).toEqual([0, 5, 10]);
	});

	it("runs the tools that the model calls, and gives it their results in the order of the calls", async () => {
		const slow = createHeld();
		await setUp({
			tools: [
				tool("read_file", "read", async (subject) => {
					if (subject === "a") {
						await slow.arrive();
					} else {
						slow.release();
					}
					return { ok: true, output: `content of ${subject}` };
				}),
			],
		});
		model.reply({ text: "I look." }, { call: "read_file", arguments: { path: "a" } }, { call: "read_file", arguments: { path: "b" } });
		model.reply({ text: "Done." });
		expect(await session.run(agent, "Look")).toMatchObject({ ok: true, reason: "stop" });
		expect(model.requests[1]?.body.messages.slice(2)).toMatchObject([
			{ role: "assistant", content: "I look.", tool_calls: [{ function: { name: "read_file" } }, {}] },
			{ role: "tool", content: "content of a" },
			{ role: "tool", content: "content of b" },
		]);
		expect(types().filter((type) => type.startsWith("tool."))).toEqual(["tool.start", "tool.start", "tool.result", "tool.result"]);
		expect(session.volatile.some(({ type }) => type === "tool.output")).toBe(true);
	});

	it("runs edits one after the other, and reads behind an edit after it", async () => {
		await setUp();
		model.reply(
			{ call: "write_file", arguments: { path: "1" } },
			{ call: "write_file", arguments: { path: "2" } },
			{ call: "read_file", arguments: { path: "3" } },
		);
		model.reply({ text: "Done." });
		await session.run(agent, "Write");
		expect(ran).toEqual(["write_file 1", "write_file 2", "read_file 3"]);
	});

	it("tells the model what is wrong with its arguments, and with tools that are not there", async () => {
		await setUp();
		model.reply({ call: "read_file", arguments: { file: "a" } }, { call: "launch_rocket", arguments: {} });
		model.reply({ text: "I see." });
		await session.run(agent, "Go");
		expect(results()[0]).toContain("path");
		expect(results()[1]).toContain('no tool "launch_rocket". There are: read_file, write_file, sub_agent');
		expect(ran).toEqual([]);
	});

	it("repairs small mistakes in arguments, but never makes a call that was cut off", async () => {
		await setUp();
		model.reply({ call: "read_file", arguments: "{path: 'a.ts',}" });
		model.reply({ call: "write_file", arguments: '{"path": "half of a na' });
		model.reply({ call: "write_file", arguments: '{"path": "b"' }, { finish: "length" });
		model.reply({ text: "Done." });
		await session.run(agent, "Go");
		expect(ran).toEqual(["read_file a.ts"]);
		expect(results().slice(1)).toEqual([expect.stringContaining("cut off"), expect.stringContaining("cut off")]);
	});

	it("makes calls that a model writes as text, and takes them out of the message", async () => {
		await setUp({ model: { toolSupport: "text" } });
		model.reply({ text: 'Let me look.\n<tool_call>\n{"name": "read_file", "arguments": {"path": "a.ts"}}\n</tool_call>' });
		model.reply({ text: "Done." });
		await session.run(agent, "Go");
		expect(ran).toEqual(["read_file a.ts"]);
		expect(session.file.messages[1]).toMatchObject({ content: "Let me look.", toolCalls: [{ name: "read_file" }] });
		expect((await models.list(new AbortController().signal)).models[0]?.probe).toMatchObject({ tools: "text", contextTokens: 8192 });
	});

	it("chats plainly with a model that cannot call tools", async () => {
		await setUp({ model: { toolSupport: "none" } });
		model.reply({ text: "Hello." });
		expect(await session.run(agent, "Hi")).toMatchObject({ ok: true });
		expect(model.requests[0]?.body.tools).toBeUndefined();
	});

	it("does nothing that is not allowed, and says so to the model", async () => {
		await setUp({ session: { permit: async () => ({ allowed: false, reason: "The person said no." }) } });
		model.reply({ call: "write_file", arguments: { path: "a" } });
		model.reply({ text: "As you wish." });
		await session.run(agent, "Go");
		expect(ran).toEqual([]);
		expect(results()).toEqual(["Not allowed: The person said no."]);
	});

	it("lets a message join between two steps, and also after what would have been the last", async () => {
		await setUp();
		const held = createHeld();
		model.reply({ hold: held }, { text: "First answer." });
		model.reply({ text: "Second answer." });
		const turn = session.run(agent, "One");
		await held.reached;
		session.steering.push(userMessage("Two"));
		held.release();
		expect(await turn).toMatchObject({ ok: true, reason: "stop" });
		expect(session.file.messages.map(({ content }) => content)).toEqual(["One", "First answer.", "Two", "Second answer."]);
	});

	it("stops a model that goes in circles, and one that takes too many steps", async () => {
		await setUp({ model: { otherwise: () => [{ call: "read_file", arguments: { path: "same" } }] } });
		expect(await session.run(agent, "Go")).toMatchObject({ ok: true, reason: "step_limit" });
		expect(ran).toHaveLength(2);
		await model.close();
		let count = 0;
		await setUp({
			model: { otherwise: () => [{ call: "read_file", arguments: { path: String(count++) } }] },
			config: { agent: { maxSteps: 4 } },
		});
		expect(await session.run(agent, "Go")).toMatchObject({ ok: true, reason: "step_limit" });
		expect(model.requests).toHaveLength(4);
	});

	it("limits what the model gets of a long output to a part of its window", async () => {
		await setUp({ tools: [tool("read_file", "read", async () => ({ ok: true, output: "x".repeat(100_000) }))] });
		model.reply({ call: "read_file", arguments: { path: "a" } });
		model.reply({ text: "Long." });
		await session.run(agent, "Go");
		expect(results()[0]?.length).toBeLessThan(8192);
		expect(session.durable.find(({ type }) => type === "tool.result")).toMatchObject({ data: { truncated: true } });
	});

	it("goes on with the calls that a restart left unanswered", async () => {
		await setUp();
		session.say("Write it");
		const call = { id: "call_before", name: "write_file", arguments: { path: "a" } };
		session.file.messages.push({ id: "m", role: "assistant", at: new Date().toISOString(), content: "", toolCalls: [call] });
		model.reply({ text: "Written." });
		expect(await agent.run(session.resume())).toMatchObject({ ok: true, reason: "stop" });
		expect(ran).toEqual(["write_file a"]);
		expect(model.requests[0]?.body.messages.slice(-1)).toMatchObject([{ role: "tool", tool_call_id: "call_before", content: "written" }]);
	});

	it("runs a sub-agent in a conversation of its own, which cannot start another", async () => {
		await setUp();
		model.reply({ call: "sub_agent", arguments: { task: "Find out about a." } });
		model.reply({ call: "read_file", arguments: { path: "a" } });
		model.reply({ text: "It is a letter." });
		model.reply({ text: "The sub-agent says: a letter." });
		expect(await session.run(agent, "What is a?")).toMatchObject({ ok: true });
		const inner = model.requests[1]?.body;
		expect(inner?.messages.slice(1)).toEqual([{ role: "user", content: "Find out about a." }]);
		expect(inner?.tools?.map((each) => (each.type === "function" ? each.function.name : ""))).toEqual(["read_file", "write_file"]);
		expect(results()).toContain("It is a letter.");
		expect(session.file.messages.filter(({ role }) => role === "assistant")).toHaveLength(2);
		expect(tokens()).toBe("The sub-agent says: a letter.");
	});
});

describe("when something goes wrong", () => {
	it("keeps what arrived before the model failed, and says what failed", async () => {
		await setUp();
		model.reply({ text: "Half an ans" }, { fail: "model_crashed", message: "The model crashed." });
		expect(await session.run(agent, "Hi")).toMatchObject({ ok: false, code: "model_crashed", message: "The model crashed." });
		expect(session.file.messages[1]).toMatchObject({ content: "Half an ans", interrupted: true });
	});

	it("asks again where nothing had been said yet, and shows that", async () => {
		await setUp();
		model.reply({ reset: true });
		model.reply({ fail: "queue_full", message: "Busy." });
		model.reply({ text: "Now." });
		expect(await session.run(agent, "Hi")).toMatchObject({ ok: true, reason: "stop" });
		const stages = session.volatile.flatMap((event) => (event.type === "turn.progress" ? [event.data.stage] : []));
		expect(stages.filter((stage) => stage === "retrying")).toHaveLength(2);
		expect(session.file.messages).toHaveLength(2);
	});

	it("ends a turn for which no model server answers", async () => {
		await setUp();
		const { port } = model;
		await model.close();
		expect(await session.run(agent, "Hi")).toMatchObject({
			ok: false,
			code: "host_unreachable",
			message: expect.stringContaining(String(port)),
		});
		model = await startScriptedModel();
	});

	it("never sends a prompt to Anthropic that the user has not switched on", async () => {
		await setUp();
		const end = await agent.run(session.say("Hi", { model: "claude-sonnet-5" }));
		expect(end).toMatchObject({ ok: false, code: "forbidden", message: expect.stringContaining("anthropic.enabled") });
		expect(egress.log()).toEqual([]);
	});
});

describe("a cancel", () => {
	it.each(["queue", "hold"] as const)("ends the turn while the model is in the stage %s", async (stage) => {
		await setUp();
		const held = createHeld();
		model.reply(stage === "queue" ? { queue: held } : { hold: held });
		const cancel = new AbortController();
		const turn = agent.run(session.say("Hi", { signal: cancel.signal }));
		await held.reached;
		cancel.abort();
		expect(await turn).toMatchObject({ ok: true, reason: "cancelled" });
		expect(await model.requests[0]?.ended).toBe("gone");
	});

	it("works before anything is asked", async () => {
		await setUp();
		const turn = agent.run(session.say("Hi", { signal: AbortSignal.abort() }));
		expect(await turn).toMatchObject({ ok: true, reason: "cancelled" });
		expect(model.requests).toEqual([]);
	});

	it("keeps what was said so far", async () => {
		const cancel = new AbortController();
		await setUp({ session: { onEvent: () => (tokens() === "So far" ? cancel.abort() : undefined) } });
		model.reply({ text: "So far" }, { hang: true });
		expect(await agent.run(session.say("Hi", { signal: cancel.signal }))).toMatchObject({ ok: true, reason: "cancelled" });
		expect(session.file.messages[1]).toMatchObject({ content: "So far", interrupted: true });
	});

	it("reaches a running tool, and gives every call a result", async () => {
		const started = createHeld();
		const cancel = new AbortController();
		await setUp({
			tools: [
				tool("write_file", "edit", async (_subject, signal) => {
					void started.arrive();
					await new Promise((resolve) => signal.addEventListener("abort", resolve));
					return { ok: false, output: "stopped" };
				}),
			],
		});
		model.reply({ call: "write_file", arguments: { path: "a" } }, { call: "write_file", arguments: { path: "b" } });
		const turn = agent.run(session.say("Hi", { signal: cancel.signal }));
		await started.reached;
		cancel.abort();
		expect(await turn).toMatchObject({ ok: true, reason: "cancelled" });
		expect(ran).toEqual(["write_file a"]);
		expect(results()).toEqual(["stopped", "The turn was cancelled before this call ended."]);
	});

	it("ends the wait before another try", async () => {
		const cancel = new AbortController();
		await setUp({
			session: {
				onEvent: (event) => {
					if (event.type === "turn.progress" && event.data.stage === "retrying") {
						cancel.abort();
					}
				},
			},
		});
		model.reply({ fail: "queue_full" });
		expect(await agent.run(session.say("Hi", { signal: cancel.signal }))).toMatchObject({ ok: true, reason: "cancelled" });
	});
});

describe("the prompt", () => {
	it("keeps its bytes from step to step and turn to turn, so that only what is new is read", async () => {
		await setUp();
		writeFileSync(path.join(folder, "AGENTS.md"), "Use tabs.");
		for (const turn of [1, 2, 3]) {
			model.reply({ text: `Turn ${turn}.` }, { call: "read_file", arguments: { path: `${turn}` } });
			model.reply({ text: `Done ${turn}.` });
			await session.run(agent, `Do ${turn}`);
			writeFileSync(path.join(folder, "AGENTS.md"), `Changed ${turn}.`);
		}
		const prompts = model.requests.map(({ prompt }) => prompt);
		for (const [index, prompt] of prompts.entries()) {
			const earlier = prompts[index - 1]?.replace(/\]\]$/, "") ?? "";
			expect(prompt.startsWith(earlier)).toBe(true);
		}
		expect(prompts[5]).toContain("Use tabs.");
		expect((await models.status(new AbortController().signal)).cacheHitRate).toBeGreaterThan(0.6);
	});

	it("has no time, no number and no id in front of the conversation", async () => {
		await setUp();
		model.reply({ text: "One." });
		await session.run(agent, "Hi");
		const first = model.requests[0]?.body;
		session = createScriptedSession({ workspace: folder });
		model.reply({ text: "Two." });
		await session.run(agent, "Hi");
		expect(JSON.stringify(model.requests[1]?.body)).toBe(JSON.stringify(first));
	});
});

describe("compaction", () => {
	const long = "word ".repeat(1500);

	it("happens by itself when the window fills, leaves the transcript alone and keeps the prompt stable after it", async () => {
		await setUp({ model: { contextTokens: 8192 } });
		model.replyWhen(({ prompt }) => prompt.includes("Write a summary"), { text: "They counted words." });
		for (const turn of [1, 2, 3]) {
			model.reply({ text: `${turn}: ${long}` });
			expect(await session.run(agent, `Question ${turn}`)).toMatchObject({ ok: true });
		}
		model.reply({ text: "Short." });
		expect(await session.run(agent, "And now?")).toMatchObject({ ok: true });
		expect(session.file.messages).toHaveLength(8);
		expect(session.file.messages[1]?.content).toContain("1: word");
		expect(session.file.compaction?.summary).toBe("They counted words.");
		const after = model.requests.at(-1);
		expect(after?.prompt).toContain("They counted words.");
		expect(after?.prompt).not.toContain("Question 1");
		expect(session.volatile.some((event) => event.type === "turn.progress" && event.data.stage === "compacting")).toBe(true);
		model.reply({ text: "Again." });
		await session.run(agent, "Next");
		expect(model.requests.at(-1)?.prompt.startsWith(after?.prompt.replace(/\]\]$/, "") ?? "-")).toBe(true);
	});

	it("makes room where the server says that the prompt is too long, once", async () => {
		await setUp();
		for (const turn of [1, 2]) {
			model.reply({ text: `${turn}: ${long}` });
			await session.run(agent, `Question ${turn}`);
		}
		model.reply({ fail: "context_length_exceeded", message: "9000 tokens, 8192 fit." });
		model.reply({ text: "A summary." });
		model.reply({ text: "It fits." });
		expect(await session.run(agent, "Question 3")).toMatchObject({ ok: true, reason: "stop" });
		model.replyWhen(() => true, { fail: "context_length_exceeded", message: "9000 tokens, 8192 fit." });
		model.reply({ text: "Another summary." });
		model.reply({ fail: "context_length_exceeded", message: "Still 9000." });
		expect(await session.run(agent, "Question 4")).toMatchObject({ ok: false, code: "context_length_exceeded" });
	});

	it("is done by hand, from where the last exchange begins", async () => {
		await setUp();
		for (const turn of [1, 2]) {
			model.reply({ text: `${turn}: ${long}` });
			await session.run(agent, `Question ${turn}`);
		}
		model.reply({ text: "  The summary.  " });
		const signal = new AbortController().signal;
		expect(await agent.summarize(session.file, signal)).toEqual({ beforeMessageId: expect.any(String), summary: "The summary." });
		expect(await agent.summarize(createScriptedSession({ workspace: folder }).file, signal)).toBeNull();
	});
});

describe("a title", () => {
	it("comes from the same model, cleaned", async () => {
		await setUp();
		model.reply({ text: "Hello." });
		await session.run(agent, "Fix the login");
		model.replyWhen(({ prompt }) => prompt.includes("Write a title"), { text: '**"Fixing the login."**\nI hope you like it' });
		expect(await agent.title(session.file, new AbortController().signal)).toBe("Fixing the login");
	});

	it("is left out where the user wants none, or the model fails", async () => {
		await setUp({ config: { agent: { titles: false } } });
		session.say("Fix the login");
		expect(await agent.title(session.file, new AbortController().signal)).toBeNull();
		expect(model.asides).toEqual([]);
	});
});
