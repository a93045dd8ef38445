import { once } from "node:events";
import { connect } from "node:net";
import { type StreamServerFrame, streamServerFrameSchema } from "@opta/contracts/schema/lmx-stream";
import { WebSocket as WebSocketWithHeaders } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activeRequests, type LmxProcess, startLmxProcess } from "../testing/lmx-process.ts";

let lmx: LmxProcess;
let url: string;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k");
	url = `${lmx.url.replace("http", "ws")}/v1/chat/stream`;
});
afterAll(() => lmx.stop());

const chat = { messages: [{ role: "user", content: "Once upon a time" }], temperature: 0 };

async function open(): Promise<{ socket: WebSocket; frames: StreamServerFrame[] }> {
	const socket = new WebSocket(url);
	const frames: StreamServerFrame[] = [];
	socket.addEventListener("message", ({ data }) => frames.push(streamServerFrameSchema.parse(JSON.parse(data))));
	await once(socket, "open");
	return { socket, frames };
}

function textOf(frames: readonly StreamServerFrame[], id: string): string {
	return frames.map((frame) => (frame.type === "delta" && frame.id === id ? (frame.delta.content ?? "") : "")).join("");
}

describe("a WebSocket on a running model", () => {
	it("gives many chats at once the text that HTTP gives", async () => {
		const response = await fetch(`${lmx.url}/v1/chat/completions`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ ...chat, max_tokens: 30 }),
		});
		const { choices } = (await response.json()) as { choices: [{ message: { content: string } }] };
		const { socket, frames } = await open();
		const ids = ["a", "b", "c", "d"];
		for (const id of ids) {
			socket.send(JSON.stringify({ ...chat, id, max_tokens: 30 }));
		}
		await expect.poll(() => frames.filter(({ type }) => type === "done").length).toBe(4);
		expect(ids.map((id) => textOf(frames, id))).toEqual(ids.map(() => choices[0].message.content));
		socket.close();
	});

	it("frees the model at a cancel, and when the socket closes", async () => {
		const { socket, frames } = await open();
		const long = { ...chat, temperature: 1.5, max_tokens: 480 };
		socket.send(JSON.stringify({ ...long, id: "a" }));
		await expect.poll(() => textOf(frames, "a")).not.toBe("");
		socket.send(JSON.stringify({ type: "cancel", id: "a" }));
		await expect.poll(() => frames.at(-1)).toMatchObject({ type: "error", id: "a", error: { code: "cancelled" } });
		await expect.poll(() => activeRequests(lmx.url)).toBe(0);
		socket.send(JSON.stringify({ ...long, id: "b" }));
		await expect.poll(() => textOf(frames, "b")).not.toBe("");
		socket.close();
		await expect.poll(() => activeRequests(lmx.url)).toBe(0);
	});

	it("is not for the pages of others", async () => {
		const foreign = new WebSocketWithHeaders(url, { headers: { origin: "https://evil.example" } });
		await once(foreign, "error");
		const own = new WebSocketWithHeaders(url, { headers: { origin: lmx.url } });
		await once(own, "open");
		own.close();
	});

	it("leaves no connection behind where it is refused", async () => {
		const upgrade = [
			"Connection: Upgrade",
			"Upgrade: websocket",
			"Sec-WebSocket-Version: 13",
			"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
		];
		const { host, port } = new URL(lmx.url);
		for (const [path, header, status] of [
			["/v1/chat/stream", "Origin: https://evil.example", "403"],
			["/v1/chat/stream", "x-opta-priority: urgent", "400"],
			["/nowhere", "Accept: */*", "404"],
		]) {
			const socket = connect(Number(port), "127.0.0.1");
			let answer = "";
			socket.on("data", (data) => {
				answer += data;
			});
			socket.write([`GET ${path} HTTP/1.1`, `Host: ${host}`, header, ...upgrade, "", ""].join("\r\n"));
			await once(socket, "close");
			expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
		}
	});
});
