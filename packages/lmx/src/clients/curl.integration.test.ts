import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activeRequests, type LmxProcess, startLmxProcess } from "../testing/lmx-process.ts";
import { isWeather, weatherParameters } from "../testing/weather-tool.ts";

const run = promisify(execFile);
let lmx: LmxProcess;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k");
});
afterAll(() => lmx.stop());

const messages = [{ role: "user", content: "Once upon a time" }];

function flags(path: string, body: object): string[] {
	return ["-sN", "-H", "content-type: application/json", "-d", JSON.stringify(body), `${lmx.url}${path}`];
}

async function curl(path: string, body: object): Promise<string> {
	return (await run("curl", flags(path, body))).stdout;
}

describe("curl -N", () => {
	it("chats, with and without the version in the path", async () => {
		for (const path of ["/v1/chat/completions", "/chat/completions"]) {
			expect(JSON.parse(await curl(path, { messages, max_tokens: 8 }))).toMatchObject({ usage: { completion_tokens: 8 } });
		}
	});

	it("sees the answer grow, line by line", async () => {
		const child = spawn("curl", flags("/v1/chat/completions", { messages, max_tokens: 200, stream: true }));
		const pieces: string[] = [];
		child.stdout.on("data", (data) => pieces.push(String(data)));
		await once(child, "close");
		expect(pieces.length).toBeGreaterThan(2);
		expect(pieces.join("")).toMatch(/^data: \{.*\n\ndata: [\s\S]*\n\ndata: \[DONE\]\n\n$/);
	});

	it("gets the events of the other APIs with their names", async () => {
		const responses = await curl("/v1/responses", { input: "Once", max_output_tokens: 4, stream: true });
		expect(responses).toMatch(/^event: response\.created\ndata: /);
		const anthropic = await curl("/v1/messages", { messages, max_tokens: 4, stream: true });
		expect(anthropic).toMatch(/^event: message_start\ndata: [\s\S]*event: message_stop\ndata: \{"type":"message_stop"\}\n\n$/);
	});

	it("calls a tool and keeps to a schema", async () => {
		const tools = [{ type: "function", function: { name: "weather", parameters: weatherParameters } }];
		const called = JSON.parse(await curl("/v1/chat/completions", { messages, tools, tool_choice: "required", max_tokens: 100 }));
		expect(isWeather(JSON.parse(called.choices[0].message.tool_calls[0].function.arguments))).toBe(true);
		const response_format = { type: "json_schema", json_schema: { name: "weather", schema: weatherParameters } };
		const formed = JSON.parse(await curl("/v1/chat/completions", { messages, response_format, max_tokens: 100 }));
		expect(isWeather(JSON.parse(formed.choices[0].message.content))).toBe(true);
	});

	it("completes, embeds, counts and shows the prompt", async () => {
		expect(JSON.parse(await curl("/completions", { prompt: "Once", max_tokens: 3 })).usage.completion_tokens).toBe(3);
		expect(JSON.parse(await curl("/embeddings", { input: "Once" })).data[0].embedding).toHaveLength(64);
		const { tokens } = JSON.parse(await curl("/tokenize", { content: "Once upon a time" }));
		expect(JSON.parse(await curl("/detokenize", { tokens })).content.trim()).toBe("Once upon a time");
		expect(JSON.parse(await curl("/apply-template", { messages })).prompt).toContain("Once upon a time");
	});

	it("reads errors with their status", async () => {
		const { stdout } = await run("curl", [...flags("/v1/chat/completions", { messages, model: "other" }), "-w", "\n%{http_code}"]);
		const [body = "", status] = stdout.split("\n");
		expect(status).toBe("404");
		expect(JSON.parse(body)).toMatchObject({ error: { code: "model_not_found", param: "model" } });
	});

	it("stops the model when it is ended", async () => {
		const child = spawn("curl", flags("/v1/chat/completions", { messages, max_tokens: 400, stream: true }));
		await once(child.stdout, "data");
		child.kill();
		await once(child, "close");
		await expect.poll(() => activeRequests(lmx.url)).toBe(0);
	});
});
