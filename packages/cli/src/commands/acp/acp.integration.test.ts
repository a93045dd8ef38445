import { spawn } from "node:child_process";
import { access } from "node:fs/promises";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import {
	client,
	methods,
	ndJsonStream,
	PROTOCOL_VERSION,
	type RequestPermissionRequest,
	type SessionUpdate,
} from "@agentclientprotocol/sdk";
import { createHeld } from "@opta/daemon/testing/scripted-reply";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";

let bench: CliBench;
let editor: ReturnType<ReturnType<typeof client>["connect"]>;
let child: ReturnType<typeof spawn>;
const updates: SessionUpdate[] = [];
const asked: RequestPermissionRequest[] = [];

beforeAll(async () => {
	bench = await startCliBench();
	child = spawn(process.execPath, [fileURLToPath(new URL("../../main.ts", import.meta.url)), "acp"], {
		cwd: bench.workspace,
		env: { ...bench.environment },
		stdio: ["pipe", "pipe", "inherit"],
	});
	const output = Readable.toWeb(child.stdout!) as Parameters<typeof ndJsonStream>[1];
	editor = client({ name: "editor under test" })
		.onNotification(methods.client.session.update, ({ params }) => void updates.push(params.update))
		.onRequest(methods.client.session.requestPermission, ({ params }) => {
			asked.push(params);
			return { outcome: { outcome: "selected", optionId: "once" } };
		})
		.connect(ndJsonStream(Writable.toWeb(child.stdin!), output));
});
afterAll(async () => {
	editor.close();
	child.kill();
	await bench.close();
});

it("serves an editor: initialises, begins a session, answers, asks before a command, cancels, loads", async () => {
	const { agent } = editor;
	const hello = await agent.request(methods.agent.initialize, { protocolVersion: PROTOCOL_VERSION, clientCapabilities: {} });
	expect(hello).toMatchObject({ protocolVersion: PROTOCOL_VERSION, agentCapabilities: { loadSession: true } });

	const { sessionId, modes } = await agent.request(methods.agent.session.new, { cwd: bench.workspace, mcpServers: [] });
	expect(modes?.currentModeId).toBe("ask");

	bench.model.reply({ call: "run_command", arguments: { command: "touch made.txt" } });
	bench.model.reply({ text: "It is made." });
	const answer = await agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: "text", text: "make a file" }] });
	expect(answer.stopReason).toBe("end_turn");
	expect(asked[0]?.options.map(({ kind }) => kind)).toContain("allow_once");
	await access(path.join(bench.workspace, "made.txt"));
	const spoken = updates.map((update) =>
		update.sessionUpdate === "agent_message_chunk" && update.content.type === "text" ? update.content.text : "",
	);
	expect(spoken.join("")).toBe("It is made.");
	expect(updates.find(({ sessionUpdate }) => sessionUpdate === "tool_call")).toMatchObject({ kind: "execute", status: "in_progress" });
	expect(updates.find(({ sessionUpdate }) => sessionUpdate === "tool_call_update")).toMatchObject({ status: "completed" });

	const held = createHeld();
	bench.model.reply({ text: "Long" }, { hold: held }, { text: " story" });
	const cancelled = agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: "text", text: "tell" }] });
	await held.reached;
	await agent.notify(methods.agent.session.cancel, { sessionId });
	expect((await cancelled).stopReason).toBe("cancelled");
	held.release();

	updates.length = 0;
	await agent.request(methods.agent.session.load, { sessionId, cwd: bench.workspace, mcpServers: [] });
	expect(updates.map(({ sessionUpdate }) => sessionUpdate)).toEqual(
		expect.arrayContaining(["user_message_chunk", "tool_call", "tool_call_update", "agent_message_chunk"]),
	);
	await expect(agent.request(methods.agent.session.prompt, { sessionId: "none", prompt: [{ type: "text", text: "?" }] })).rejects.toThrow();
});
