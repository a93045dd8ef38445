import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** An MCP server over stdio for tests, hand-written so that it can misbehave: its arguments name what it does. */
const habits = new Set(process.argv.slice(2));
const given = readGiven();
const tools = ["echo", "hang", "die", "flood", "grow", "odd name!"];

/** What the configuration gave it, as the system shows it: `NAME=value` of its own variables. */
function readGiven(): string {
	const variables = readFileSync("/proc/self/environ", "utf8").split("\0");
	return variables.find((one) => one.startsWith("GIVEN="))?.slice("GIVEN=".length) ?? "-";
}

function send(message: object): void {
	process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

function text(id: unknown, words: string, isError = false): void {
	send({ id, result: { content: [{ type: "text", text: words }], isError } });
}

if (habits.has("grandchildren")) {
	spawn("sh", ["-c", `(setsid sh -c 'trap "" TERM; sleep 300 & sleep 300' &)`], { stdio: "ignore", detached: true }).unref();
}
if (habits.has("deaf")) {
	process.on("SIGTERM", () => undefined);
}
if (habits.has("broken")) {
	process.stderr.write(`${"noise ".repeat(100_000)}cannot start: no such database\n`, () => process.exit(3));
}

function call(id: unknown, name: string, input: Record<string, unknown>): void {
	switch (name) {
		case "echo":
			text(id, `${String(input.text)} ${given} ${process.pid}`);
			break;
		case "die":
			process.stderr.write("out of luck\n", () => process.exit(9));
			break;
		case "flood":
			text(id, "x".repeat(2_000_000));
			break;
		case "grow":
			tools.push("a_new_one");
			send({ method: "notifications/tools/list_changed" });
			text(id, "grown");
			break;
		case "hang":
			break;
		default:
			text(id, `no ${name}`, true);
	}
}

createInterface({ input: process.stdin }).on("line", (line) => {
	if (habits.has("broken")) {
		return;
	}
	const { id, method, params } = JSON.parse(line) as { id?: unknown; method: string; params: Record<string, never> };
	if (method === "initialize") {
		const serverInfo = { name: "test", version: "1" };
		send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: { listChanged: true } }, serverInfo } });
	} else if (method === "tools/list") {
		const inputSchema = { type: "object", properties: { text: { type: "string" } } };
		send({ id, result: { tools: tools.map((name) => ({ name, description: `Does ${name}.`, inputSchema })) } });
	} else if (method === "tools/call") {
		call(id, params.name ?? "", params.arguments ?? {});
	} else if (id !== undefined) {
		send({ id, result: {} });
	}
});
