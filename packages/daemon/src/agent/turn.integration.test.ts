import { afterEach, describe, expect, it } from "vitest";
import { openScriptedAgent, type ScriptedAgent, type ScriptedAgentOptions } from "../testing/scripted-agent.ts";
import { createHeld } from "../testing/scripted-reply.ts";
import { userMessage } from "../testing/scripted-turn.ts";

let world: ScriptedAgent;

async function setUp(options: ScriptedAgentOptions = {}): Promise<void> {
	world = await openScriptedAgent(options);
}

afterEach(() => world.close());

describe("a turn", () => {
	it("streams an answer, and keeps it whole with who wrote it", async () => {
		await setUp();
		world.model.reply({ reasoning: "Simple." }, { text: "Hello, person." });
		expect(await world.session.run(world.agent, "Hi")).toMatchObject({ ok: true, reason: "stop", usage: { completionTokens: 5 } });
		expect(world.types()).toEqual(["turn.started", "turn.message"]);
		expect(world.session.durable[0]).toMatchObject({ data: { model: "scripted", provider: "lmx" } });
		expect(world.session.file.messages[1]).toMatchObject({
			role: "assistant",
			content: "Hello, person.",
			reasoning: "Simple.",
			provider: "lmx",
		});
		expect(world.tokens()).toBe("Hello, person.");
		const offsets = world.session.volatile.flatMap((event) =>
			event.type === "turn.token" && event.data.channel === "text" ? [event.data.offset] : [],
		);
		expect(offsets).toEqual([0, 5, 10]);
	});

	it("runs the tools that the model calls, and gives it their results in the order of the calls", async () => {
		const slow = createHeld();
		await setUp({
			tools: {
				read_file: [
					"read",
					async (subject) => {
						if (subject === "a") {
							await slow.arrive();
						} else {
							slow.release();
						}
						return { ok: true, output: `content of ${subject}` };
					},
				],
			},
		});
		world.model.reply(
			{ text: "I look." },
			{ call: "read_file", arguments: { path: "a" } },
			{ call: "read_file", arguments: { path: "b" } },
		);
		world.model.reply({ text: "Done." });
		expect(await world.session.run(world.agent, "Look")).toMatchObject({ ok: true, reason: "stop" });
		expect(world.model.requests[1]?.body.messages.slice(2)).toMatchObject([
			{ role: "assistant", content: "I look.", tool_calls: [{ function: { name: "read_file" } }, {}] },
			{ role: "tool", content: "content of a" },
			{ role: "tool", content: "content of b" },
		]);
		expect(world.types().filter((type) => type.startsWith("tool."))).toEqual(["tool.start", "tool.start", "tool.result", "tool.result"]);
		expect(world.session.volatile.some(({ type }) => type === "tool.output")).toBe(true);
	});

	it("runs edits one after the other, and reads behind an edit after it", async () => {
		await setUp();
		world.model.reply(
			{ call: "write_file", arguments: { path: "1" } },
			{ call: "write_file", arguments: { path: "2" } },
			{ call: "read_file", arguments: { path: "3" } },
		);
		world.model.reply({ text: "Done." });
		await world.session.run(world.agent, "Write");
		expect(world.ran).toEqual(["write_file 1", "write_file 2", "read_file 3"]);
	});

	it("tells the model what is wrong with its arguments, and with tools that are not there", async () => {
		await setUp();
		world.model.reply({ call: "read_file", arguments: { file: "a" } }, { call: "launch_rocket", arguments: {} });
		world.model.reply({ text: "I see." });
		await world.session.run(world.agent, "Go");
		expect(world.results()[0]).toContain("path");
		expect(world.results()[1]).toContain('no tool "launch_rocket". There are: read_file, write_file, sub_agent');
		expect(world.ran).toEqual([]);
	});

	it("repairs small mistakes in arguments, but never makes a call that was cut off", async () => {
		await setUp();
		world.model.reply({ call: "read_file", arguments: "{path: 'a.ts',}" });
		world.model.reply({ call: "write_file", arguments: '{"path": "half of a na' });
		world.model.reply({ call: "write_file", arguments: '{"path": "b"' }, { finish: "length" });
		world.model.reply({ text: "Done." });
		await world.session.run(world.agent, "Go");
		expect(world.ran).toEqual(["read_file a.ts"]);
		expect(world.results().slice(1)).toEqual([expect.stringContaining("cut off"), expect.stringContaining("cut off")]);
	});

	it("makes calls that a model writes as text, and takes them out of the message", async () => {
		await setUp({ model: { toolSupport: "text" } });
		world.model.reply({ text: 'Let me look.\n<tool_call>\n{"name": "read_file", "arguments": {"path": "a.ts"}}\n</tool_call>' });
		world.model.reply({ text: "Done." });
		await world.session.run(world.agent, "Go");
		expect(world.ran).toEqual(["read_file a.ts"]);
		expect(world.session.file.messages[1]).toMatchObject({ content: "Let me look.", toolCalls: [{ name: "read_file" }] });
		expect((await world.models.list(new AbortController().signal)).models[0]?.probe).toMatchObject({
			tools: "text",
			contextTokens: 131_072,
		});
	});

	it("chats plainly with a model that cannot call tools", async () => {
		await setUp({ model: { toolSupport: "none" } });
		world.model.reply({ text: "Hello." });
		expect(await world.session.run(world.agent, "Hi")).toMatchObject({ ok: true });
		expect(world.model.requests[0]?.body.tools).toBeUndefined();
	});

	it("does nothing that is not allowed, and says so to the model", async () => {
		await setUp({ session: { permit: async () => ({ allowed: false, reason: "The person said no." }) } });
		world.model.reply({ call: "write_file", arguments: { path: "a" } });
		world.model.reply({ text: "As you wish." });
		await world.session.run(world.agent, "Go");
		expect(world.ran).toEqual([]);
		expect(world.results()).toEqual(["Not allowed: The person said no."]);
	});

	it("lets a message join between two steps, and also after what would have been the last", async () => {
		await setUp();
		const held = createHeld();
		world.model.reply({ hold: held }, { text: "First answer." });
		world.model.reply({ text: "Second answer." });
		const turn = world.session.run(world.agent, "One");
		await held.reached;
		world.session.steering.push(userMessage("Two"));
		held.release();
		expect(await turn).toMatchObject({ ok: true, reason: "stop" });
		expect(world.session.file.messages.map(({ content }) => content)).toEqual(["One", "First answer.", "Two", "Second answer."]);
	});

	it("stops a model that goes in circles", async () => {
		await setUp({ model: { otherwise: () => [{ call: "read_file", arguments: { path: "same" } }] } });
		expect(await world.session.run(world.agent, "Go")).toMatchObject({ ok: true, reason: "step_limit" });
		expect(world.ran).toHaveLength(2);
	});

	it("stops a model that takes more steps than it may", async () => {
		let count = 0;
		await setUp({
			model: { otherwise: () => [{ call: "read_file", arguments: { path: String(count++) } }] },
			config: { agent: { maxSteps: 4 } },
		});
		expect(await world.session.run(world.agent, "Go")).toMatchObject({ ok: true, reason: "step_limit" });
		expect(world.model.requests).toHaveLength(4);
	});

	it("limits what the model gets of a long output to a part of its window", async () => {
		await setUp({
			model: { contextTokens: 8192 },
			tools: { read_file: ["read", async () => ({ ok: true, output: "x".repeat(100_000) })] },
		});
		world.model.reply({ call: "read_file", arguments: { path: "a" } });
		world.model.reply({ text: "Long." });
		await world.session.run(world.agent, "Go");
		expect(world.results()[0]?.length).toBeLessThan(8192);
		expect(world.session.durable.find(({ type }) => type === "tool.result")).toMatchObject({ data: { truncated: true } });
	});

	it("goes on with the calls that a restart left unanswered", async () => {
		await setUp();
		world.session.say("Write it");
		const call = { id: "call_before", name: "write_file", arguments: { path: "a" } };
		world.session.file.messages.push({ id: "m", role: "assistant", at: new Date().toISOString(), content: "", toolCalls: [call] });
		world.model.reply({ text: "Written." });
		expect(await world.agent.run(world.session.resume())).toMatchObject({ ok: true, reason: "stop" });
		expect(world.ran).toEqual(["write_file a"]);
		expect(world.model.requests[0]?.body.messages.slice(-1)).toMatchObject([
			{ role: "tool", tool_call_id: "call_before", content: "written" },
		]);
	});

	it("runs a sub-agent in a conversation of its own, which cannot start another", async () => {
		await setUp();
		world.model.reply({ call: "sub_agent", arguments: { task: "Find out about a." } });
		world.model.reply({ call: "read_file", arguments: { path: "a" } });
		world.model.reply({ text: "It is a letter." });
		world.model.reply({ text: "The sub-agent says: a letter." });
		expect(await world.session.run(world.agent, "What is a?")).toMatchObject({ ok: true });
		const inner = world.model.requests[1]?.body;
		expect(inner?.messages.slice(1)).toEqual([{ role: "user", content: "Find out about a." }]);
		expect(inner?.tools?.map((each) => (each.type === "function" ? each.function.name : ""))).toEqual(["read_file", "write_file"]);
		expect(world.results()).toContain("It is a letter.");
		expect(world.session.file.messages.filter(({ role }) => role === "assistant")).toHaveLength(2);
		expect(world.tokens()).toBe("The sub-agent says: a letter.");
	});
});
