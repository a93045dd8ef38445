import { Pool } from "undici";
import type { Answer, AnswerError } from "../serving/backend.ts";
import { type BreakerLimits, CircuitBreaker, defaultBreakerLimits, type Permit } from "./circuit-breaker.ts";
import { type ServerEvent, SseParser } from "./sse-parser.ts";
import { upstreamError } from "./upstream-error.ts";

/** How long another server may take. */
export interface UpstreamLimits {
	readonly connectMs: number;
	/** Until the first byte of an answer: a long prompt is read before it. */
	readonly headersMs: number;
	/** Between two pieces of an answer. */
	readonly idleMs: number;
	readonly breaker: BreakerLimits;
}

/** The limits of a running server. */
export const defaultUpstreamLimits: UpstreamLimits = {
	connectMs: 5000,
	headersMs: 10 * 60_000,
	idleMs: 2 * 60_000,
	breaker: defaultBreakerLimits,
};

/** Another server. */
export interface UpstreamOptions {
	/** Its name for people. */
	readonly name: string;
	/** Address up to and without `/chat/completions`. */
	readonly baseUrl: string;
	/** Sent as bearer token, and to this server only. */
	readonly apiKey: string | null;
	readonly limits?: UpstreamLimits;
}

/** A request to another server. */
export interface UpstreamRequest {
	readonly method: "GET" | "POST";
	/** Behind the base address, with its slash; `root` puts it behind the origin instead. */
	readonly path: string;
	readonly base?: "root";
	readonly body?: unknown;
	readonly requestId?: string;
	readonly signal?: AbortSignal;
	/** Shorter than the server's own limit. */
	readonly headersMs?: number;
}

const maxConnections = 256;
const maxErrorChars = 64 * 1024;
const maxJsonChars = 256 * 1024 * 1024;

const stopped: AnswerError = { code: "cancelled", message: "The request was given up." };

function causeOf(error: unknown): { readonly code: string; readonly message: string } {
	const cause = error instanceof AggregateError ? error.errors[0] : error;
	const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
	return { code, message: cause instanceof Error ? cause.message : String(cause) };
}

/** A server that speaks the OpenAI API: bounded in time, left alone while it does not answer, cancelled by hanging up. */
export class Upstream {
	readonly name: string;
	readonly #pool: Pool;
	readonly #prefix: string;
	readonly #apiKey: string | null;
	readonly #limits: UpstreamLimits;
	readonly #breaker: CircuitBreaker;
	#lastFailure = "";

	constructor({ name, baseUrl, apiKey, limits = defaultUpstreamLimits }: UpstreamOptions) {
		const { origin, pathname } = new URL(baseUrl);
		this.name = name;
		this.#prefix = pathname.replace(/\/+$/, "");
		this.#apiKey = apiKey;
		this.#limits = limits;
		this.#breaker = new CircuitBreaker(limits.breaker);
		this.#pool = new Pool(origin, {
			connections: maxConnections,
			connectTimeout: limits.connectMs,
			headersTimeout: limits.headersMs,
			bodyTimeout: limits.idleMs,
		});
	}

	/** Why nothing is sent to it now, in one sentence; null when it may be asked. */
	unhealthyReason(): string | null {
		const waitMs = this.#breaker.waitMs(performance.now());
		return waitMs === 0 ? null : `${this.#lastFailure} It is tried again in ${Math.ceil(waitMs / 1000)} s.`;
	}

	/** Sends a request whose answer nobody reads; null when it was answered well. */
	reach(request: UpstreamRequest): Promise<AnswerError | null> {
		return this.#send(
			request,
			() => undefined,
			() => "more",
		);
	}

	/** Sends a request and reads its answer as JSON. */
	async json(request: UpstreamRequest): Promise<Answer<unknown>> {
		const text: string[] = [];
		let chars = 0;
		const error = await this.#send(
			request,
			() => undefined,
			(piece) => {
				chars += piece.length;
				if (chars > maxJsonChars) {
					throw new Error("its answer is too long");
				}
				text.push(piece);
				return "more";
			},
		);
		if (error !== null) {
			return { ok: false, error };
		}
		try {
			return { ok: true, value: JSON.parse(text.join("")) };
		} catch (cause) {
			return { ok: false, error: this.#fault(`sent an answer that is no JSON: ${causeOf(cause).message}`) };
		}
	}

	/**
	 * Sends a request and reads its answer as server-sent events. `onEvent` says whether it wants to go on: `done`
	 * ends the reading, a promise makes the other server wait. Null when the stream has ended or `onEvent` is done.
	 */
	async events(
		request: UpstreamRequest,
		onOpen: () => void,
		onEvent: (event: ServerEvent) => "more" | "done" | Promise<void>,
	): Promise<AnswerError | null> {
		const parser = new SseParser();
		return this.#send(request, onOpen, async (piece) => {
			for (const event of parser.push(piece)) {
				const wish = onEvent(event);
				if (wish === "done") {
					return "done";
				}
				if (wish !== "more") {
					await wish;
				}
			}
			return "more";
		});
	}

	/** Ends all connections at once. */
	close(): Promise<void> {
		return this.#pool.destroy();
	}

	async #send(
		{ method, path, base, body, requestId, signal, headersMs = this.#limits.headersMs }: UpstreamRequest,
		onOpen: () => void,
		onPiece: (piece: string) => "more" | Promise<"more" | "done">,
	): Promise<AnswerError | null> {
		const permit = this.#breaker.enter(performance.now());
		if (permit === null) {
			return {
				code: "model_unavailable",
				message: this.unhealthyReason() ?? `The server ${this.name} is being tried. Try again in a moment.`,
			};
		}
		const hangUp = new AbortController();
		const signals = signal === undefined ? hangUp.signal : AbortSignal.any([signal, hangUp.signal]);
		try {
			const response = await this.#pool.request({
				method,
				path: `${base === "root" ? this.#prefix.replace(/\/v1$/, "") : this.#prefix}${path}`,
				headers: {
					accept: "application/json, text/event-stream",
					...(body === undefined ? {} : { "content-type": "application/json" }),
					...(this.#apiKey === null ? {} : { authorization: `Bearer ${this.#apiKey}` }),
					...(requestId === undefined ? {} : { "x-request-id": requestId }),
				},
				body: body === undefined ? null : JSON.stringify(body),
				signal: signals,
				headersTimeout: headersMs,
			});
			const { statusCode } = response;
			const decoder = new TextDecoder();
			if (statusCode < 200 || statusCode >= 300) {
				let text = "";
				for await (const piece of response.body) {
					text += decoder.decode(piece, { stream: true });
					if (text.length > maxErrorChars) {
						hangUp.abort();
						break;
					}
				}
				return this.#refused(permit, statusCode, text);
			}
			onOpen();
			for await (const piece of response.body) {
				if ((await onPiece(decoder.decode(piece, { stream: true }))) === "done") {
					hangUp.abort();
					break;
				}
			}
			permit.succeed();
			return null;
		} catch (cause) {
			return this.#failed(permit, cause, signal);
		} finally {
			permit.abandon();
		}
	}

	/** A server that refuses with a reason works; one that breaks does not. */
	#refused(permit: Permit, status: number, body: string): AnswerError {
		const error = upstreamError(this.name, status, body);
		if (status === 500 || status === 502 || status === 504) {
			this.#lastFailure = error.message;
			permit.fail(performance.now());
		} else {
			permit.succeed();
		}
		return error;
	}

	#failed(permit: Permit, cause: unknown, signal: AbortSignal | undefined): AnswerError {
		if (signal?.aborted === true) {
			return stopped;
		}
		const { code, message } = causeOf(cause);
		let error: AnswerError;
		if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
			error = { code: "timeout", message: `The server ${this.name} stopped answering.` };
		} else if (code === "UND_ERR_CONNECT_TIMEOUT" || code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EHOSTUNREACH") {
			error = { code: "host_unreachable", message: `The server ${this.name} cannot be reached: ${message}.` };
		} else {
			error = this.#fault(`broke off its answer: ${message}`);
		}
		this.#lastFailure = error.message;
		permit.fail(performance.now());
		return error;
	}

	#fault(what: string): AnswerError {
		return { code: "model_crashed", message: `The server ${this.name} ${what}.` };
	}
}
