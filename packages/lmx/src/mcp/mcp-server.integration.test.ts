import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chatChunkSchema, chatCompletionSchema } from "@opta/contracts/schema/lmx-chat";
import { skillListSchema } from "@opta/contracts/schema/lmx-skills";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allEvents, type LmxProcess, postChat, startLmxProcess } from "../testing/lmx-process.ts";

const program = path.join(import.meta.dirname, "../testing/mcp-server.ts");
let home: string;
let lmx: LmxProcess;

beforeAll(async () => {
	home = mkdtempSync(path.join(tmpdir(), "opta-mcp-"));
	mkdirSync(path.join(home, "skills"));
	writeFileSync(
		path.join(home, "skills", "sums.md"),
		"---\ndescription: Adds.\ntools: [{ type: mcp, server_label: maths, allowed_tools: [pid] }]\nparameters: { max_tokens: 100 }\n---\nOnce upon a time\n",
	);
	const config = { skillsDir: "skills", mcpServers: { maths: { command: process.execPath, args: [program] } } };
	writeFileSync(path.join(home, "config.yaml"), JSON.stringify(config), { mode: 0o600 });
	lmx = await startLmxProcess("--model", "stories260k", "--config", path.join(home, "config.yaml"));
});
afterAll(async () => {
	await lmx.stop();
	rmSync(home, { recursive: true, force: true });
});

const forced = {
	messages: [{ role: "user", content: "Which process are you?" }],
	tools: [{ type: "mcp", server_label: "maths", allowed_tools: ["pid"] }],
	tool_choice: "required",
	parallel_tool_calls: false,
	max_tokens: 60,
	temperature: 0,
};

describe("MCP tools on a running server", () => {
	it("are called for the model, whole and streamed", async () => {
		const whole = await postChat(lmx.url, forced);
		expect(whole.status).toBe(200);
		const [choice] = chatCompletionSchema.parse(await whole.json()).choices;
		expect(choice?.message.mcp_calls?.[0]).toMatchObject({
			server_label: "maths",
			name: "pid",
			status: "completed",
			output: expect.stringMatching(/^\d+$/),
		});
		const events = await allEvents(await postChat(lmx.url, { ...forced, stream: true }));
		const calls = events
			.filter((event) => event !== "[DONE]")
			.flatMap((event) => chatChunkSchema.parse(JSON.parse(event)).choices.flatMap(({ delta }) => delta.mcp_calls ?? []));
		expect(calls.slice(0, 2).map(({ status }) => status)).toEqual(["in_progress", "completed"]);
		expect(await lmx.logged((line) => line.msg === "MCP call")).toMatchObject({ mcpServer: "maths", tool: "pid" });
	});

	it("come with a skill that is named as the model", async () => {
		const { skills } = skillListSchema.parse(await (await fetch(`${lmx.url}/admin/skills`)).json());
		expect(skills.map(({ id }) => id)).toEqual(["skill:sums"]);
		const answer = await postChat(lmx.url, { ...forced, tools: undefined, max_tokens: undefined, model: "skill:sums" });
		expect(answer.status).toBe(200);
		const completion = chatCompletionSchema.parse(await answer.json());
		expect(completion.model).toBe("stories260k");
		expect(completion.choices[0]?.message.mcp_calls?.[0]).toMatchObject({ name: "pid" });
		expect((await postChat(lmx.url, { model: "skill:nothing", messages: forced.messages })).status).toBe(404);
	});

	it("are refused by name when the configuration has no such server", async () => {
		const answer = await postChat(lmx.url, { ...forced, tools: [{ type: "mcp", server_label: "files" }] });
		expect(answer.status).toBe(400);
		expect(await answer.json()).toMatchObject({ error: { param: "tools.0", message: expect.stringContaining("It has: maths") } });
	});
});
