import type { ErrorCode } from "@opta/contracts/error-codes";
import type { ChatDelta, FinishReason, ToolCallDelta } from "@opta/contracts/schema/lmx-chat";

/** A place in a reply where it waits for the test. */
export interface Held {
	/** Settles when the reply has come here. */
	readonly reached: Promise<void>;
	/** Lets it go on, now or when it comes here. */
	readonly release: () => void;
	/** Used by the player. */
	readonly arrive: () => Promise<void>;
}

/** A place to wait at: `const held = createHeld()`, then `{ hold: held }` in a reply. */
export function createHeld(): Held {
	const reached = Promise.withResolvers<void>();
	const released = Promise.withResolvers<void>();
	return {
		reached: reached.promise,
		release: released.resolve,
		arrive: () => {
			reached.resolve();
			return released.promise;
		},
	};
}

/** One step of a scripted reply; they are played in order, and `stop` (or `tool_calls` after a call) ends the reply. */
export type ScriptStep =
	/** Streamed in pieces of a few letters. */
	| { readonly text: string }
	| { readonly reasoning: string }
	/** A native call, its arguments streamed in pieces; a string is sent as it is, so it may be broken JSON. */
	| { readonly call: string; readonly arguments: Readonly<Record<string, unknown>> | string; readonly id?: string }
	/** Waits while the prompt is being read, or between pieces. */
	| { readonly hold: Held }
	/** Waits before the model takes the request: the queue, or a model that loads. */
	| { readonly queue: Held }
	/** The prompt is being read: this many of its tokens are done. */
	| { readonly read: number; readonly of: number }
	/** Ends with an error: with a status before the first piece, as part of the stream after it. */
	| { readonly fail: ErrorCode; readonly message?: string; readonly retryAfterSeconds?: number; readonly details?: Record<string, unknown> }
	/** Says nothing more and keeps the connection open until the client leaves. */
	| { readonly hang: true }
	/** Cuts the connection (RST). */
	| { readonly reset: true }
	/** Ends for this reason instead. */
	| { readonly finish: FinishReason };

/** How a reply leaves the server. */
export interface ReplyWriter {
	readonly accept: () => void;
	readonly progress: (doneTokens: number, totalTokens: number) => void;
	readonly delta: (delta: ChatDelta) => void;
	readonly done: (reason: FinishReason, completionTokens: number) => void;
	readonly fail: (step: Extract<ScriptStep, { fail: ErrorCode }>) => void;
	readonly reset: () => void;
}

function pieces(text: string): string[] {
	return text.match(/[\s\S]{1,5}/gu) ?? [];
}

function callDeltas(step: Extract<ScriptStep, { call: string }>, index: number): ToolCallDelta[] {
	const text = typeof step.arguments === "string" ? step.arguments : JSON.stringify(step.arguments);
	const id = step.id ?? `call_${step.call}_${index}`;
	return [
		{ index, id, type: "function", function: { name: step.call, arguments: "" } },
		...pieces(text).map((each) => ({ index, function: { arguments: each } })),
	];
}

/** Plays a reply until it ends or the client is gone. */
export async function playReply(steps: readonly ScriptStep[], writer: ReplyWriter, gone: AbortSignal): Promise<void> {
	const left = new Promise<void>((resolve) => gone.addEventListener("abort", () => resolve(), { once: true }));
	let isAccepted = false;
	let calls = 0;
	let tokens = 0;
	const accept = (): void => {
		if (!isAccepted) {
			isAccepted = true;
			writer.accept();
		}
	};
	for (const step of steps) {
		if (gone.aborted) {
			return;
		}
		if ("queue" in step) {
			await Promise.race([step.queue.arrive(), left]);
			continue;
		}
		if ("fail" in step) {
			writer.fail(step);
			return;
		}
		accept();
		if ("text" in step || "reasoning" in step) {
			for (const piece of pieces("text" in step ? step.text : step.reasoning)) {
				tokens++;
				writer.delta("text" in step ? { content: piece } : { reasoning_content: piece });
			}
		} else if ("call" in step) {
			for (const delta of callDeltas(step, calls++)) {
				tokens++;
				writer.delta({ tool_calls: [delta] });
			}
		} else if ("read" in step) {
			writer.progress(step.read, step.of);
		} else if ("hold" in step) {
			await Promise.race([step.hold.arrive(), left]);
		} else if ("hang" in step) {
			await left;
		} else if ("reset" in step) {
			writer.reset();
			return;
		} else {
			writer.done(step.finish, tokens);
			return;
		}
	}
	if (!gone.aborted) {
		accept();
		writer.done(calls > 0 ? "tool_calls" : "stop", tokens);
	}
}
