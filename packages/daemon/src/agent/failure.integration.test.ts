import { afterEach, describe, expect, it } from "vitest";
import { openScriptedAgent, type ScriptedAgent, type ScriptedAgentOptions } from "../testing/scripted-agent.ts";
import { createHeld } from "../testing/scripted-reply.ts";

let world: ScriptedAgent;

async function setUp(options: ScriptedAgentOptions = {}): Promise<void> {
	world = await openScriptedAgent(options);
}

afterEach(() => world.close());

describe("when something goes wrong", () => {
	it("keeps what arrived before the model failed, and says what failed", async () => {
		await setUp();
		world.model.reply({ text: "Half an ans" }, { fail: "model_crashed", message: "The model crashed." });
		expect(await world.session.run(world.agent, "Hi")).toMatchObject({ ok: false, code: "model_crashed", message: "The model crashed." });
		expect(world.session.file.messages[1]).toMatchObject({ content: "Half an ans", interrupted: true });
	});

	it("asks again where nothing had been said yet, and shows that", async () => {
		await setUp();
		world.model.reply({ reset: true });
		world.model.reply({ fail: "queue_full", message: "Busy." });
		world.model.reply({ text: "Now." });
		expect(await world.session.run(world.agent, "Hi")).toMatchObject({ ok: true, reason: "stop" });
		const stages = world.session.volatile.flatMap((event) => (event.type === "turn.progress" ? [event.data.stage] : []));
		expect(stages.filter((stage) => stage === "retrying")).toHaveLength(2);
		expect(world.session.file.messages).toHaveLength(2);
	});

	it("ends a turn for which no model server answers", async () => {
		await setUp();
		const { port } = world.model;
		await world.model.close();
		expect(await world.session.run(world.agent, "Hi")).toMatchObject({
			ok: false,
			code: "host_unreachable",
			message: expect.stringContaining(String(port)),
		});
	});

	it("says that the session's folder is gone", async () => {
		await setUp({ session: { workspace: "/nowhere/at/all" } });
		expect(await world.session.run(world.agent, "Hi")).toMatchObject({
			ok: false,
			code: "not_found",
			message: expect.stringContaining("/nowhere"),
		});
		expect(world.model.requests).toEqual([]);
	});

	it("never sends a prompt to Anthropic that the user has not switched on", async () => {
		await setUp();
		const end = await world.agent.run(world.session.say("Hi", { model: "claude-sonnet-5" }));
		expect(end).toMatchObject({ ok: false, code: "forbidden", message: expect.stringContaining("anthropic.enabled") });
		expect(world.egress.log()).toEqual([]);
	});
});

describe("a cancel", () => {
	it.each(["queue", "hold"] as const)("ends the turn while the model is in the stage %s", async (stage) => {
		await setUp();
		const held = createHeld();
		world.model.reply(stage === "queue" ? { queue: held } : { hold: held });
		const cancel = new AbortController();
		const turn = world.agent.run(world.session.say("Hi", { signal: cancel.signal }));
		await held.reached;
		cancel.abort();
		expect(await turn).toMatchObject({ ok: true, reason: "cancelled" });
		expect(await world.model.requests[0]?.ended).toBe("gone");
	});

	it("works before anything is asked", async () => {
		await setUp();
		const turn = world.agent.run(world.session.say("Hi", { signal: AbortSignal.abort() }));
		expect(await turn).toMatchObject({ ok: true, reason: "cancelled" });
		expect(world.model.requests).toEqual([]);
	});

	it("keeps what was said so far", async () => {
		const cancel = new AbortController();
		await setUp({ session: { onEvent: () => (world.tokens() === "So far" ? cancel.abort() : undefined) } });
		world.model.reply({ text: "So far" }, { hang: true });
		expect(await world.agent.run(world.session.say("Hi", { signal: cancel.signal }))).toMatchObject({ ok: true, reason: "cancelled" });
		expect(world.session.file.messages[1]).toMatchObject({ content: "So far", interrupted: true });
	});

	it("reaches a running tool, and gives every call a result", async () => {
		const started = createHeld();
		const cancel = new AbortController();
		await setUp({
			tools: {
				write_file: [
					"edit",
					async (_subject, signal) => {
						void started.arrive();
						await new Promise((resolve) => signal.addEventListener("abort", resolve));
						return { ok: false, output: "stopped" };
					},
				],
			},
		});
		world.model.reply({ call: "write_file", arguments: { path: "a" } }, { call: "write_file", arguments: { path: "b" } });
		const turn = world.agent.run(world.session.say("Hi", { signal: cancel.signal }));
		await started.reached;
		cancel.abort();
		expect(await turn).toMatchObject({ ok: true, reason: "cancelled" });
		expect(world.ran).toEqual(["write_file a"]);
		expect(world.results()).toEqual(["stopped", "The turn was cancelled before this call ended."]);
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
		world.model.reply({ fail: "queue_full" });
		expect(await world.agent.run(world.session.say("Hi", { signal: cancel.signal }))).toMatchObject({ ok: true, reason: "cancelled" });
	});
});
