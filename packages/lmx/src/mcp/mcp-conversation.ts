import type { ChatMessage, ChatRequest, FinishReason, McpCall, Timings, ToolCall, Usage } from "@opta/contracts/schema/lmx-chat";
import type { Logger } from "pino";
import type { AnswerError, AnswerListener, Call, InferenceBackend, RunningAnswer } from "../serving/backend.ts";
import { type HeldTool, type HeldTools, holdTools } from "./held-tools.ts";
import type { McpOutcome } from "./mcp-connection.ts";
import type { McpServers } from "./mcp-servers.ts";
import { Round } from "./round.ts";
import { sumTimings, sumUsage } from "./sum-usage.ts";

/** Rounds of calls in one answer; the next one must be an answer. */
const maxRounds = 10;
/** Calls that a model may make in one round. */
const maxCallsPerRound = 16;
/** All rounds together. */
const maxTotalMs = 10 * 60_000;

/** What a conversation works with. */
export interface ConversationParts {
	readonly backend: InferenceBackend;
	readonly servers: McpServers;
	readonly logger: Logger;
}

function parseArguments(text: string): Record<string, unknown> | null {
	try {
		const value: unknown = JSON.parse(text === "" ? "{}" : text);
		return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
	} catch {
		return null;
	}
}

/** One answer with calls of MCP servers in between: the model speaks, LMX makes its calls, the model reads the results, and so on. */
export class McpConversation implements RunningAnswer {
	readonly #parts: ConversationParts;
	readonly #request: ChatRequest;
	readonly #call: Call;
	readonly #listener: AnswerListener;
	readonly #stop = new AbortController();
	readonly #startMs = performance.now();
	#tools: HeldTools | null = null;
	#running: RunningAnswer | null = null;
	#messages: readonly ChatMessage[];
	#rounds = 0;
	#usage: Usage | null = null;
	#timings: Timings | null = null;
	#isAccepted = false;

	constructor(parts: ConversationParts, request: ChatRequest, call: Call, listener: AnswerListener) {
		this.#parts = parts;
		this.#request = request;
		this.#call = call;
		this.#listener = listener;
		this.#messages = request.messages;
	}

	/** Connects to the servers and lets the model begin. */
	async begin(): Promise<void> {
		const { signal } = this.#stop;
		const tools = await holdTools(this.#request.tools ?? [], this.#parts.servers, signal);
		if (!tools.ok) {
			this.#fail(tools.error);
		} else if (signal.aborted) {
			tools.value.release();
		} else {
			this.#tools = tools.value;
			this.#speak();
		}
	}

	cancel(): void {
		this.#running?.cancel();
		this.#end();
	}

	/** Nothing is told after this. */
	#end(): void {
		this.#stop.abort();
		this.#tools?.release();
		this.#tools = null;
	}

	#fail(error: AnswerError): void {
		if (!this.#stop.signal.aborted) {
			this.#end();
			this.#listener.onError(error);
		}
	}

	/** After the first round the model may answer; after the last one it must. */
	#toolChoice(): ChatRequest["tool_choice"] {
		if (this.#rounds >= maxRounds) {
			return "none";
		}
		return this.#rounds === 0 ? this.#request.tool_choice : this.#request.tool_choice === "none" ? "none" : "auto";
	}

	#tokensLeft(): number | null {
		const wanted = this.#request.max_completion_tokens ?? this.#request.max_tokens ?? null;
		return wanted === null ? null : wanted - (this.#usage?.completion_tokens ?? 0);
	}

	#speak(): void {
		const left = this.#tokensLeft();
		const { max_tokens: _old, max_completion_tokens: _new, ...rest } = this.#request;
		const request: ChatRequest = {
			...rest,
			messages: [...this.#messages],
			tools: [...(this.#tools?.functions ?? [])],
			tool_choice: this.#toolChoice(),
			...(left === null ? {} : { max_completion_tokens: left }),
		};
		const round = new Round((name) => this.#tools?.mcp.has(name) === true);
		const whileOpen =
			<Args extends unknown[]>(tell: (...args: Args) => void) =>
			(...args: Args): void => {
				if (!this.#stop.signal.aborted) {
					tell(...args);
				}
			};
		this.#running = this.#parts.backend.chat(request, this.#call, {
			onAccepted: whileOpen((promptTokens: number) => {
				if (!this.#isAccepted) {
					this.#isAccepted = true;
					this.#listener.onAccepted(promptTokens);
				}
			}),
			onProgress: whileOpen((progress) => this.#listener.onProgress?.(progress)),
			onDelta: whileOpen((choice, delta, logprobs) => {
				const shown = round.add(delta);
				if (shown !== null) {
					this.#listener.onDelta(choice, shown, logprobs);
				}
			}),
			onFinish: whileOpen((_choice, reason, stopSequence) => {
				round.reason = reason;
				round.stopSequence = stopSequence;
			}),
			onEnd: whileOpen((usage, timings) => {
				this.#usage = sumUsage(this.#usage, usage);
				this.#timings = sumTimings(this.#timings, timings);
				this.#afterRound(round).catch((error: unknown) => {
					this.#parts.logger.error({ err: error, requestId: this.#call.requestId }, "the MCP loop failed");
					this.#fail({ code: "internal", message: "The calls of MCP tools failed. The log of LMX says why." });
				});
			}),
			onError: (error) => this.#fail(error),
			drained: () => this.#listener.drained?.() ?? null,
		});
	}

	async #afterRound(round: Round): Promise<void> {
		const tools = this.#tools;
		const own = round.calls.flatMap((call) => {
			const held = tools?.mcp.get(call.function.name);
			return held === undefined ? [] : [{ call, held }];
		});
		if (own.length === 0 || round.reason === "length") {
			this.#finish(round.reason, round.stopSequence);
			return;
		}
		const results = await Promise.all(own.map(({ call, held }, index) => this.#makeCall(call, held, index)));
		if (this.#stop.signal.aborted) {
			return;
		}
		if (round.hasClientCalls) {
			this.#finish("tool_calls", null);
			return;
		}
		this.#rounds++;
		const left = this.#tokensLeft();
		if (left !== null && left < 1) {
			this.#finish("length", null);
			return;
		}
		if (performance.now() - this.#startMs > maxTotalMs) {
			this.#fail({ code: "timeout", message: `The calls of MCP tools took more than ${maxTotalMs / 60_000} minutes together.` });
			return;
		}
		this.#messages = [
			...this.#messages,
			{
				role: "assistant",
				content: round.content === "" ? null : round.content,
				...(round.reasoning === "" ? {} : { reasoning_content: round.reasoning }),
				tool_calls: own.map(({ call }) => call),
			},
			...results.map(({ text }, index): ChatMessage => ({ role: "tool", content: text, tool_call_id: own[index]?.call.id ?? "" })),
		];
		this.#speak();
	}

	/** Makes one call, shows its beginning and its end, and notes it in the log without its content. */
	async #makeCall({ id, function: { name, arguments: text } }: ToolCall, held: HeldTool, index: number): Promise<McpOutcome> {
		const { signal } = this.#stop;
		const shown = { id, server_label: held.label, name: held.tool, arguments: text };
		const tell = (status: McpCall["status"], output: string | null): void => {
			if (!signal.aborted) {
				this.#listener.onDelta(0, { mcp_calls: [{ ...shown, status, output }] }, null);
			}
		};
		const startMs = performance.now();
		tell("in_progress", null);
		const args = parseArguments(text);
		let outcome: McpOutcome;
		if (index >= maxCallsPerRound) {
			outcome = { isError: true, text: `Not called: more than ${maxCallsPerRound} calls at a time.` };
		} else if (args === null) {
			outcome = { isError: true, text: "Not called: the arguments are not a JSON object." };
		} else {
			outcome = await held.connection.call(held.tool, args, signal);
		}
		const { requestId, client } = this.#call;
		const ms = Math.round(performance.now() - startMs);
		this.#parts.logger.info(
			{ requestId, client, mcpServer: held.label, tool: held.tool, function: name, isError: outcome.isError, ms },
			"MCP call",
		);
		tell(outcome.isError ? "failed" : "completed", outcome.text);
		return outcome;
	}

	#finish(reason: FinishReason, stopSequence: string | null): void {
		const usage = this.#usage;
		if (this.#stop.signal.aborted || usage === null) {
			return;
		}
		this.#end();
		this.#listener.onFinish(0, reason, stopSequence);
		this.#listener.onEnd(usage, this.#timings);
	}
}
