import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { Writable } from "node:stream";
import type { ChatRequest, FinishReason, McpCall, Usage } from "@opta/contracts/schema/lmx-chat";
import type { McpServerConfig } from "@opta/contracts/schema/lmx-config";
import { type Logger, pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CollectedChoice } from "../server/answers/collect-answer.ts";
import type { AnswerError, Call } from "../serving/backend.ts";
import { FakeBackend, type FakeStep } from "../testing/fake-backend.ts";
import { mcpBackend } from "./mcp-backend.ts";
import { McpServers } from "./mcp-servers.ts";
import { maxResultChars } from "./result-text.ts";

const program = path.join(import.meta.dirname, "../testing/mcp-server.ts");
const stdio: McpServerConfig = { command: process.execPath, args: [program], env: {} };
const call: Call = { requestId: "request-1", client: "test", priority: "normal" };
const question: ChatRequest = { messages: [{ role: "user", content: "What is 2 + 3?" }], tools: [{ type: "mcp", server_label: "maths" }] };

let configured: Record<string, McpServerConfig>;
let lines: Record<string, unknown>[];
let hears: ((line: Record<string, unknown>) => void) | null;
let logger: Logger;
let servers: McpServers;
let model: FakeBackend;

beforeEach(() => {
	configured = { maths: stdio };
	lines = [];
	hears = null;
	const stream = new Writable({
		write(text, _encoding, done) {
			const line = JSON.parse(String(text)) as Record<string, unknown>;
			lines.push(line);
			hears?.(line);
			done();
		},
	});
	logger = pino({ level: "debug" }, stream);
	servers = new McpServers({ configured: () => configured, logger });
	model = new FakeBackend();
});
afterEach(() => servers.close());

interface Heard {
	readonly choice: CollectedChoice;
	readonly states: readonly McpCall["status"][];
	readonly reason: FinishReason | null;
	readonly usage: Usage | null;
	readonly error: AnswerError | null;
}

function bridge() {
	return mcpBackend(model, { servers, logger });
}

function ask(request: ChatRequest): Promise<Heard> {
	return new Promise((resolve) => {
		const choice = new CollectedChoice();
		const states: McpCall["status"][] = [];
		let reason: FinishReason | null = null;
		bridge().chat(request, call, {
			onAccepted: () => undefined,
			onDelta: (_index, delta, logprobs) => {
				states.push(...(delta.mcp_calls ?? []).map(({ status }) => status));
				choice.add(delta, logprobs);
			},
			onFinish: (_index, given) => {
				reason = given;
			},
			onEnd: (usage) => resolve({ choice, states, reason, usage, error: null }),
			onError: (error) => resolve({ choice, states, reason, usage: null, error }),
		});
	});
}

function calling(name: string, args: unknown, id = "call_1", index = 0): FakeStep[] {
	return [
		{ delta: { tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] } },
		{ delta: { tool_calls: [{ index, function: { arguments: JSON.stringify(args) } }] } },
	];
}

const callsEnd: FakeStep = { finish: "tool_calls" };

/** Calls once, then says what it read. */
function callThenRepeat(name: string, args: unknown): FakeBackend["script"] {
	return (request) => {
		const last = "messages" in request ? request.messages.at(-1) : undefined;
		return last?.role === "tool"
			? [{ delta: { content: `It is ${String(last.content).slice(0, 100_000)}` } }, { finish: "stop" }]
			: [{ delta: { content: "Let me see. " } }, ...calling(name, args), callsEnd];
	};
}

describe("a chat with the tools of an MCP server", () => {
	it("calls the tool, shows the call, and answers with the result", async () => {
		model.script = callThenRepeat("add", { a: 2, b: 3 });
		const { choice, states, reason, usage, error } = await ask(question);
		expect(error).toBeNull();
		expect(choice.content).toBe("Let me see. It is 5");
		expect(choice.toolCalls).toEqual([]);
		expect([...choice.mcpCalls.values()]).toEqual([
			{ id: "call_1", server_label: "maths", name: "add", arguments: '{"a":2,"b":3}', status: "completed", output: "5" },
		]);
		expect([states, reason]).toEqual([["in_progress", "completed"], "stop"]);
		expect(usage?.completion_tokens).toBe(10);
		expect(model.chats[0]?.request.tools).toContainEqual(
			expect.objectContaining({ function: expect.objectContaining({ name: "add", description: "Adds two numbers." }) }),
		);
		expect(model.chats[1]?.request.messages.slice(1)).toMatchObject([
			{ role: "assistant", content: "Let me see. ", tool_calls: [{ id: "call_1" }] },
			{ role: "tool", content: "5", tool_call_id: "call_1" },
		]);
		expect(lines).toContainEqual(
			expect.objectContaining({ msg: "MCP call", requestId: "request-1", mcpServer: "maths", tool: "add", isError: false }),
		);
	});

	it("uses one process for all, and starts it again when it has ended", async () => {
		model.script = callThenRepeat("pid", {});
		const first = await ask(question);
		const second = await ask(question);
		expect(second.choice.content).toBe(first.choice.content);
		model.script = callThenRepeat("die", {});
		expect((await ask(question)).states).toEqual(["in_progress", "failed"]);
		model.script = callThenRepeat("pid", {});
		const third = await ask(question);
		expect(third.error).toBeNull();
		expect(third.choice.content).not.toBe(first.choice.content);
	});

	it("speaks to servers over HTTP, with the headers of the configuration", async () => {
		const server: ChildProcess = fork(program, ["http"], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
		const [address] = (await once(server.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
		try {
			configured = { maths: { url: address.toString().trim(), headers: { "x-key": "secret" } } };
			model.script = callThenRepeat("add", { a: 20, b: 3 });
			expect((await ask(question)).choice.content).toContain("It is 23");
			configured = { maths: { url: address.toString().trim(), headers: {} } };
			expect((await ask(question)).error).toMatchObject({ code: "host_unreachable" });
		} finally {
			server.kill("SIGKILL");
		}
	});

	it("lets the model read what went wrong, and cuts what is too long", async () => {
		model.script = callThenRepeat("fail", {});
		expect(await ask(question)).toMatchObject({
			states: ["in_progress", "failed"],
			choice: { content: expect.stringContaining("no such file") },
		});
		model.script = callThenRepeat("big_result", {});
		const { choice } = await ask(question);
		expect(choice.content.length).toBeLessThan(maxResultChars + 200);
		expect(choice.content).toContain("[The result has 200000 characters;");
	});

	it("leaves the client's own functions to the client", async () => {
		const own = { type: "function", function: { name: "add" } } as const;
		model.script = () => [...calling("maths__add", { a: 1, b: 1 }, "call_a", 0), ...calling("add", { of: "mine" }, "call_b", 1), callsEnd];
		const { choice, reason } = await ask({ ...question, tools: [own, { type: "mcp", server_label: "maths", allowed_tools: ["add"] }] });
		expect(choice.toolCalls).toEqual([{ id: "call_b", type: "function", function: { name: "add", arguments: '{"of":"mine"}' } }]);
		expect([...choice.mcpCalls.values()]).toMatchObject([{ name: "add", output: "2" }]);
		expect(reason).toBe("tool_calls");
		expect(model.chats[0]?.request.tools).toHaveLength(2);
	});

	it("ends a model that calls for ever", async () => {
		model.script = (request) =>
			"tool_choice" in request && request.tool_choice === "none"
				? [{ delta: { content: "enough" } }, { finish: "stop" }]
				: [...calling("add", { a: 1, b: 1 }, `call_${model.chats.length}`), callsEnd];
		const { choice, reason } = await ask({ ...question, tool_choice: "required" });
		expect([choice.content, reason]).toEqual(["enough", "stop"]);
		expect(model.chats.map(({ request }) => request.tool_choice)).toEqual(["required", ...Array.from({ length: 9 }, () => "auto"), "none"]);
	});

	it("spends the token limit over all rounds", async () => {
		model.script = (request) =>
			"max_completion_tokens" in request ? [...calling("add", { a: 1, b: 1 }, `call_${model.chats.length}`), callsEnd] : [];
		const { reason } = await ask({ ...question, max_tokens: 12 });
		expect(reason).toBe("length");
		expect(model.chats.map(({ request }) => request.max_completion_tokens)).toEqual([12, 7, 2]);
	});

	it("stops the model and the tool when it is cancelled", async () => {
		model.script = callThenRepeat("wait", {});
		const waiting = new Promise<void>((resolve) => {
			hears = (line) => line.text === "waiting\n" && resolve();
		});
		const cancelled = new Promise<void>((resolve) => {
			waiting.then(() => {
				hears = (line) => line.text === "cancelled\n" && resolve();
			});
		});
		let heard = 0;
		const running = bridge().chat(question, call, {
			onAccepted: () => undefined,
			onDelta: () => undefined,
			onFinish: () => heard++,
			onEnd: () => heard++,
			onError: () => heard++,
		});
		await waiting;
		running.cancel();
		await cancelled;
		expect(heard).toBe(0);
		expect(model.chats).toHaveLength(1);
	});
});

describe("a request that cannot be served", () => {
	it("is refused with what there is", async () => {
		expect((await ask({ ...question, tools: [{ type: "mcp", server_label: "files" }] })).error).toMatchObject({
			code: "invalid_request",
			param: "tools.0",
			message: expect.stringContaining("It has: maths"),
		});
		expect((await ask({ ...question, tools: [{ type: "mcp", server_label: "maths", allowed_tools: ["subtract"] }] })).error).toMatchObject({
			message: expect.stringContaining('no tool "subtract"'),
		});
		expect((await ask({ ...question, n: 2 })).error).toMatchObject({ param: "n" });
		configured = { maths: { command: "/no/such/program", args: [], env: {} } };
		expect((await ask(question)).error).toMatchObject({ code: "host_unreachable" });
		configured = {};
		expect((await ask(question)).error).toMatchObject({
			code: "unsupported_parameter",
			param: "tools.0",
			message: expect.stringContaining("mcpServers"),
		});
		expect(model.chats).toEqual([]);
	});
});
