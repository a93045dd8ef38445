import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import WebSocket from "ws";
import { type ScriptedModel, startScriptedModel } from "./scripted-model.ts";
import { createHeld } from "./scripted-reply.ts";

let model: ScriptedModel;
afterEach(() => model.close());

function post(body: Record<string, unknown>, signal?: AbortSignal): Promise<Response> {
	const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ stream: true, ...body }) };
	return fetch(`${model.url}/v1/chat/completions`, signal === undefined ? init : { ...init, signal });
}

const hello = { messages: [{ role: "user", content: "Hello, who are you?" }] };

it("plays replies in order as server-sent events, with what the prompt shares with earlier ones as cached tokens", async () => {
	model = await startScriptedModel();
	model.reply({ text: "I am " }, { text: "scripted." });
	model.reply({ call: "read_file", arguments: { path: "a.ts" } });
	const first = await (await post(hello)).text();
	const second = await (await post(hello)).text();
	const events = (text: string) =>
		text
			.split("\n\n")
			.filter((line) => line.startsWith("data: {"))
			.map((line) => JSON.parse(line.slice(6)));
	expect(
		events(first)
			.map((event) => event.choices[0]?.delta.content ?? "")
			.join(""),
	).toBe("I am scripted.");
	expect(events(first).at(-1).usage.prompt_tokens_details.cached_tokens).toBe(0);
	const called = events(second).flatMap((event) => event.choices[0]?.delta.tool_calls ?? []);
	expect(called.map((call) => call.function.arguments).join("")).toBe('{"path":"a.ts"}');
	expect(events(second).at(-1).usage.prompt_tokens_details.cached_tokens).toBeGreaterThan(5);
});

it("answers with a status where nothing was said yet, and within the stream where something was", async () => {
	model = await startScriptedModel();
	model.reply({ fail: "queue_full", retryAfterSeconds: 3 });
	model.reply({ text: "Half" }, { fail: "model_crashed" });
	const refused = await post(hello);
	expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "3"]);
	expect(await (await post(hello)).text()).toContain('"code":"model_crashed"');
});

it("waits where the test holds it, and notices a client that leaves", async () => {
	model = await startScriptedModel();
	const held = createHeld();
	model.reply({ text: "Wait" }, { hold: held }, { text: "!" });
	const leave = new AbortController();
	const response = await post(hello, leave.signal);
	await held.reached;
	leave.abort();
	expect(await (await model.request(0)).ended).toBe("gone");
	await expect(response.text()).rejects.toThrow();
});

it("speaks on sockets, several chats at a time, and cancels one of them", async () => {
	model = await startScriptedModel();
	const held = createHeld();
	model.reply({ hold: held });
	model.reply({ text: "Second." });
	const socket = new WebSocket(`${model.url.replace("http", "ws")}/v1/chat/stream`);
	await once(socket, "open");
	const frames: { type: string; id: string }[] = [];
	const done = new Promise<void>((resolve) =>
		socket.on("message", (data) => {
			frames.push(JSON.parse(data.toString()));
			if (frames.some(({ id, type }) => id === "b" && type === "done")) {
				resolve();
			}
		}),
	);
	socket.send(JSON.stringify({ id: "a", ...hello }));
	await held.reached;
	socket.send(JSON.stringify({ type: "cancel", id: "a" }));
	socket.send(JSON.stringify({ id: "b", ...hello }));
	await done;
	expect(frames.filter(({ id }) => id === "a").map(({ type }) => type)).toEqual(["accepted", "error"]);
	expect(await (await model.request(0)).ended).toBe("gone");
	socket.close();
});

it("refuses what LMX would refuse", async () => {
	model = await startScriptedModel();
	expect((await post({ ...hello, sparkle: 1 })).status).toBe(400);
});
