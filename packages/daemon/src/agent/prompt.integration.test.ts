import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openScriptedAgent, type ScriptedAgent, type ScriptedAgentOptions } from "../testing/scripted-agent.ts";
import { createScriptedSession } from "../testing/scripted-turn.ts";

let world: ScriptedAgent;

async function setUp(options: ScriptedAgentOptions = {}): Promise<void> {
	world = await openScriptedAgent(options);
}

afterEach(() => world.close());

describe("the prompt", () => {
	it("keeps its bytes from step to step and turn to turn, so that only what is new is read", async () => {
		await setUp();
		writeFileSync(path.join(world.folder, "AGENTS.md"), "Use tabs.");
		for (const turn of [1, 2, 3]) {
			world.model.reply({ text: `Turn ${turn}.` }, { call: "read_file", arguments: { path: `${turn}` } });
			world.model.reply({ text: `Done ${turn}.` });
			await world.session.run(world.agent, `Do ${turn}`);
			writeFileSync(path.join(world.folder, "AGENTS.md"), `Changed ${turn}.`);
		}
		const prompts = world.model.requests.map(({ prompt }) => prompt);
		for (const [index, prompt] of prompts.entries()) {
			const earlier = prompts[index - 1]?.replace(/\]\]$/, "") ?? "";
			expect(prompt.startsWith(earlier)).toBe(true);
		}
		expect(prompts[5]).toContain("Use tabs.");
		expect((await world.models.status(new AbortController().signal)).cacheHitRate).toBeGreaterThan(0.6);
	});

	it("has no time, no number and no id in front of the conversation", async () => {
		await setUp();
		world.model.reply({ text: "One." });
		await world.session.run(world.agent, "Hi");
		const first = world.model.requests[0]?.body;
		world.model.reply({ text: "Two." });
		await createScriptedSession({ workspace: world.folder }).run(world.agent, "Hi");
		expect(JSON.stringify(world.model.requests[1]?.body)).toBe(JSON.stringify(first));
	});
});

describe("compaction", () => {
	const long = "word ".repeat(1500);

	it("happens by itself when the window fills, leaves the transcript alone and keeps the prompt stable after it", async () => {
		await setUp({ model: { contextTokens: 8192 } });
		world.model.replyWhen(({ prompt }) => prompt.includes("Write a summary"), { text: "They counted words." });
		for (const turn of [1, 2, 3]) {
			world.model.reply({ text: `${turn}: ${long}` });
			expect(await world.session.run(world.agent, `Question ${turn}`)).toMatchObject({ ok: true });
		}
		world.model.reply({ text: "Short." });
		expect(await world.session.run(world.agent, "And now?")).toMatchObject({ ok: true });
		expect(world.session.file.messages).toHaveLength(8);
		expect(world.session.file.messages[1]?.content).toContain("1: word");
		expect(world.session.file.compaction?.summary).toBe("They counted words.");
		const after = world.model.requests.at(-1);
		expect(after?.prompt).toContain("They counted words.");
		expect(after?.prompt).not.toContain("Question 1");
		expect(world.session.volatile.some((event) => event.type === "turn.progress" && event.data.stage === "compacting")).toBe(true);
		world.model.reply({ text: "Again." });
		await world.session.run(world.agent, "Next");
		expect(world.model.requests.at(-1)?.prompt.startsWith(after?.prompt.replace(/\]\]$/, "") ?? "-")).toBe(true);
	});

	it("makes room where the server says that the prompt is too long, once", async () => {
		await setUp();
		for (const turn of [1, 2]) {
			world.model.reply({ text: `${turn}: ${long}` });
			await world.session.run(world.agent, `Question ${turn}`);
		}
		world.model.reply({ fail: "context_length_exceeded", message: "9000 tokens, 8192 fit." });
		world.model.reply({ text: "A summary." });
		world.model.reply({ text: "It fits." });
		expect(await world.session.run(world.agent, "Question 3")).toMatchObject({ ok: true, reason: "stop" });
		world.model.replyWhen(() => true, { fail: "context_length_exceeded", message: "9000 tokens, 8192 fit." });
		world.model.reply({ text: "Another summary." });
		world.model.reply({ fail: "context_length_exceeded", message: "Still 9000." });
		expect(await world.session.run(world.agent, "Question 4")).toMatchObject({ ok: false, code: "context_length_exceeded" });
	});

	it("is done by hand, from where the last exchange begins", async () => {
		await setUp();
		for (const turn of [1, 2]) {
			world.model.reply({ text: `${turn}: ${long}` });
			await world.session.run(world.agent, `Question ${turn}`);
		}
		world.model.reply({ text: "  The summary.  " });
		const signal = new AbortController().signal;
		expect(await world.agent.summarize(world.session.file, signal)).toEqual({
			beforeMessageId: expect.any(String),
			summary: "The summary.",
		});
		expect(await world.agent.summarize(createScriptedSession({ workspace: world.folder }).file, signal)).toBeNull();
	});
});

describe("a title", () => {
	it("comes from the same model, cleaned", async () => {
		await setUp();
		world.model.reply({ text: "Hello." });
		await world.session.run(world.agent, "Fix the login");
		world.model.replyWhen(({ prompt }) => prompt.includes("Write a title"), { text: '**"Fixing the login."**\nI hope you like it' });
		expect(await world.agent.title(world.session.file, new AbortController().signal)).toBe("Fixing the login");
	});

	it("is left out where the user wants none, or the model fails", async () => {
		await setUp({ config: { agent: { titles: false } } });
		world.session.say("Fix the login");
		expect(await world.agent.title(world.session.file, new AbortController().signal)).toBeNull();
		expect(world.model.asides).toEqual([]);
	});
});
