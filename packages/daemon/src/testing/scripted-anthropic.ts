import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the scripted API got. */
export interface AnthropicRequest {
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent
	readonly body: any;
}

/** One event of a reply, or how it ends otherwise. */
export type AnthropicStep =
	| Readonly<Record<string, unknown> & { type: string }>
	| { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }
	| "reset"
	| "hang";

/** Anthropic's Messages API as a test wants it, on a real port. */
export interface ScriptedAnthropic {
	readonly url: string;
	readonly requests: readonly AnthropicRequest[];
	readonly reply: (...steps: readonly AnthropicStep[]) => void;
	readonly close: () => Promise<void>;
}

/** The events of a message with these blocks (Anthropic API reference, streaming messages). */
export function messageEvents(
	blocks: readonly ({ text: string } | { tool: string; input: string })[],
	stopReason: string,
): AnthropicStep[] {
	const usage = { input_tokens: 10, cache_read_input_tokens: 90, cache_creation_input_tokens: 0, output_tokens: 1 };
	return [
		{ type: "message_start", message: { id: "msg_1", type: "message", role: "assistant", model: "claude-test-1", content: [], usage } },
		{ type: "ping" },
		...blocks.flatMap((block, index): AnthropicStep[] => [
			{
				type: "content_block_start",
				index,
				content_block:
					"text" in block ? { type: "text", text: "" } : { type: "tool_use", id: `toolu_${index}`, name: block.tool, input: {} },
			},
			...("text" in block ? [block.text] : [block.input.slice(0, 4), block.input.slice(4)]).map((piece) => ({
				type: "content_block_delta",
				index,
				delta: "text" in block ? { type: "text_delta", text: piece } : { type: "input_json_delta", partial_json: piece },
			})),
			{ type: "content_block_stop", index },
		]),
		{ type: "message_delta", delta: { stop_reason: stopReason, stop_sequence: null }, usage: { output_tokens: 7 } },
		{ type: "message_stop" },
	];
}

/** Starts it on a free port of loopback. */
export async function startScriptedAnthropic(): Promise<ScriptedAnthropic> {
	const requests: AnthropicRequest[] = [];
	const queue: (readonly AnthropicStep[])[] = [];
	const server = createServer(async (message, response) => {
		let text = "";
		for await (const piece of message) {
			text += piece;
		}
		requests.push({ path: message.url ?? "", headers: message.headers, body: JSON.parse(text) });
		for (const step of queue.shift() ?? [{ status: 500, body: { error: { message: "The script has no more replies." } } }]) {
			if (step === "hang") {
				return;
			}
			if (step === "reset") {
				response.socket?.resetAndDestroy();
				return;
			}
			if ("status" in step) {
				const { status, body, headers } = step as Extract<AnthropicStep, { status: number }>;
				response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
				return;
			}
			if (!response.headersSent) {
				response.writeHead(200, { "content-type": "text/event-stream" });
			}
			response.write(`event: ${step.type}\ndata: ${JSON.stringify(step)}\n\n`);
		}
		response.end();
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		reply: (...steps) => void queue.push(steps),
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}
