import type { ModelMessage, ModelRequest } from "./model-source.ts";
import { parseLooseJson } from "./text-calls.ts";

type Block =
	| { type: "text"; text: string }
	| { type: "tool_use"; id: string; name: string; input: unknown }
	| { type: "tool_result"; tool_use_id: string; content: string; is_error: boolean };

interface Turn {
	role: "user" | "assistant";
	content: Block[];
}

const defaultMaxTokens = 16_000;
const ephemeral = { cache_control: { type: "ephemeral" } } as const;

function blocksOf(message: Exclude<ModelMessage, { role: "system" }>): Turn {
	const text = message.content === "" ? [] : [{ type: "text" as const, text: message.content }];
	switch (message.role) {
		case "assistant": {
			const calls = message.calls.map(({ id, name, argumentsText }): Block => {
				const input = parseLooseJson(argumentsText);
				return { type: "tool_use", id, name, input: typeof input === "object" && input !== null ? input : {} };
			});
			return { role: "assistant", content: [...text, ...calls] };
		}
		case "tool":
			return {
				role: "user",
				content: [{ type: "tool_result", tool_use_id: message.callId, content: message.content, is_error: !message.ok }],
			};
		default:
			return { role: "user", content: text };
	}
}

/** Turns of one role after each other are one, as the Messages API wants it (results of parallel calls belong together). */
function turnsOf(messages: readonly ModelMessage[]): Turn[] {
	const turns: Turn[] = [];
	for (const message of messages) {
		if (message.role === "system") {
			continue;
		}
		const turn = blocksOf(message);
		const last = turns.at(-1);
		if (turn.content.length === 0) {
			continue;
		}
		if (last?.role === turn.role) {
			last.content.push(...turn.content);
		} else {
			turns.push(turn);
		}
	}
	return turns;
}

/** The body of `POST /v1/messages` (Anthropic API reference, version 2023-06-01), with the marks that let the prompt be cached. */
export function messagesRequestOf({ model, messages, tools, temperature, maxTokens }: ModelRequest): Record<string, unknown> {
	const system = messages.flatMap((message) => (message.role === "system" ? [message.content] : [])).join("\n\n");
	const turns = turnsOf(messages);
	const last = turns.at(-1)?.content;
	const marked = last?.map((block, index) => (index === last.length - 1 ? { ...block, ...ephemeral } : block));
	return {
		model,
		max_tokens: maxTokens ?? defaultMaxTokens,
		stream: true,
		...(system === "" ? {} : { system: [{ type: "text", text: system, ...ephemeral }] }),
		...(tools.length === 0
			? {}
			: { tools: tools.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters })) }),
		messages: turns.map((turn, index) => (index === turns.length - 1 && marked !== undefined ? { ...turn, content: marked } : turn)),
		...(temperature === undefined ? {} : { temperature }),
	};
}
