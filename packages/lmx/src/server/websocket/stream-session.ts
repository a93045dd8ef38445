import { errorBody } from "@opta/contracts/error-body";
import type { FinishReason } from "@opta/contracts/schema/lmx-chat";
import { type StreamCreate, type StreamServerFrame, streamRequestLimit } from "@opta/contracts/schema/lmx-stream";
import { v7 as uuid } from "uuid";
import type { AnswerError, Call, ModelLease, ModelProvider } from "../../serving/backend.ts";
import { keepAliveMs } from "../../serving/keep-alive.ts";
import { withDefaults } from "../../serving/request-defaults.ts";
import { CollectedChoice } from "../answers/collect-answer.ts";
import { runAnswer } from "../answers/run-answer.ts";
import { messageOf } from "../chat/chat-reply.ts";
import { readFrame } from "./read-frame.ts";

/** What a session is made of. */
export interface StreamSessionParts {
	readonly models: ModelProvider;
	/** Of the socket; each chat's request id begins with this one's. */
	readonly call: Call;
	send(frame: StreamServerFrame): void;
	readonly requestLimit?: number;
}

const cancelled: AnswerError = { code: "cancelled", message: "The chat was cancelled, as its client asked." };

/** The chats of one socket: the state machine of `lmx-stream.ts`, without the socket. */
export class StreamSession {
	readonly #parts: StreamSessionParts;
	readonly #requestLimit: number;
	readonly #open = new Map<string, AbortController>();
	#isClosed = false;

	constructor(parts: StreamSessionParts) {
		this.#parts = parts;
		this.#requestLimit = parts.requestLimit ?? streamRequestLimit;
	}

	/** Chats that have not ended. */
	get openChats(): number {
		return this.#open.size;
	}

	/** Takes one message of the client. */
	receive(text: string): void {
		const read = readFrame(text);
		if (!read.ok) {
			const isOpen = read.id !== null && this.#open.has(read.id);
			this.#sendError(isOpen ? null : read.id, read.error);
			return;
		}
		const { frame } = read;
		if (frame.type === "ping") {
			this.#send({ type: "pong" });
		} else if (frame.type === "cancel") {
			this.#cancel(frame.id);
		} else {
			this.#create(frame);
		}
	}

	/** Cancels all chats; nothing is sent any more. */
	close(): void {
		this.#isClosed = true;
		for (const controller of this.#open.values()) {
			controller.abort();
		}
		this.#open.clear();
	}

	#send(frame: StreamServerFrame): void {
		if (!this.#isClosed) {
			this.#parts.send(frame);
		}
	}

	#sendError(id: string | null, { code, message, ...extra }: AnswerError): void {
		this.#send({ type: "error", id, ...errorBody(code, message, extra) });
	}

	#create(frame: StreamCreate): void {
		const id = frame.id ?? uuid();
		if (this.#open.has(id)) {
			const message = `A chat with the id "${id}" is open on this socket. Wait for its end, or take another id.`;
			this.#sendError(null, { code: "conflict", message, param: "id", details: { id } });
			return;
		}
		if (this.#open.size >= this.#requestLimit) {
			const message = `${this.#requestLimit} chats are open on this socket, which is as many as it takes. Wait for one to end.`;
			this.#sendError(id, { code: "queue_full", message, details: { limit: this.#requestLimit } });
			return;
		}
		const controller = new AbortController();
		this.#open.set(id, controller);
		void this.#run(id, frame, controller.signal);
	}

	#cancel(id: string): void {
		const controller = this.#open.get(id);
		if (controller !== undefined) {
			this.#open.delete(id);
			controller.abort();
			this.#sendError(id, cancelled);
		}
	}

	/** Ends a chat, unless a cancel has ended it before. */
	#end(id: string, signal: AbortSignal, tell: () => void): void {
		if (!signal.aborted) {
			this.#open.delete(id);
			tell();
		}
	}

	async #run(id: string, frame: StreamCreate, signal: AbortSignal): Promise<void> {
		const keepMs = keepAliveMs(frame.keep_alive);
		const wish = { model: frame.model, signal, ...(keepMs === undefined ? {} : { keepAliveMs: keepMs }) };
		const lease = await this.#parts.models.acquire(wish);
		if (!lease.ok) {
			this.#end(id, signal, () => this.#sendError(id, lease.error));
			return;
		}
		try {
			await this.#answer(id, frame, lease.value, signal);
		} finally {
			lease.value.release();
		}
	}

	#answer(id: string, frame: StreamCreate, { modelId: model, backend, defaults }: ModelLease, signal: AbortSignal): Promise<void> {
		const { type: _type, id: _id, priority, stream, ...asked } = frame;
		const chat = withDefaults(asked, defaults);
		const call = { ...this.#parts.call, requestId: `${this.#parts.call.requestId}/${id}`, priority: priority ?? this.#parts.call.priority };
		const whole: CollectedChoice[] = Array.from({ length: chat.n ?? 1 }, () => new CollectedChoice());
		const reasons: FinishReason[] = [];
		return runAnswer(
			(listener) => backend.chat(chat, call, listener),
			{
				onAccepted: (promptTokens) => this.#send({ type: "accepted", id, model, prompt_tokens: promptTokens }),
				onProgress: (progress) => this.#send({ type: "progress", id, prompt_progress: progress }),
				onDelta: (index, delta, tokens) => {
					if (stream === false) {
						whole[index]?.add(delta, tokens);
						return;
					}
					const logprobs = tokens === null ? {} : { logprobs: { content: [...tokens], refusal: null } };
					this.#send({ type: "delta", id, index, delta, ...logprobs });
				},
				onFinish: (index, reason) => {
					reasons[index] = reason;
				},
				onEnd: (usage, timings) => {
					const choices = whole.map((choice, index) => ({
						index,
						finish_reason: reasons[index] ?? ("stop" as const),
						...(stream === false ? { message: messageOf(choice) } : {}),
						...(stream === false && chat.logprobs === true ? { logprobs: { content: choice.logprobs, refusal: null } } : {}),
					}));
					const done = { type: "done" as const, id, model, finish_reason: reasons[0] ?? ("stop" as const), choices, usage };
					this.#end(id, signal, () => this.#send({ ...done, ...(timings === null ? {} : { timings }) }));
				},
				onError: (error) => this.#end(id, signal, () => this.#sendError(id, error)),
			},
			signal,
		);
	}
}
