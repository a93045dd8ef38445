import { type ErrorCode, isErrorCode } from "@opta/contracts/error-codes";

/**
 * Codes that a client can meet: those of the servers, and three of its own. `offline`: nothing answered at all;
 * `interrupted`: the connection broke in the middle of an answer; `unknown`: a newer or a foreign server's answer.
 */
export type HostErrorCode = ErrorCode | "offline" | "interrupted" | "unknown";

/** A request that did not succeed, as a value. */
export interface HostError {
	readonly code: HostErrorCode;
	/** What happened and what to do next, for people. */
	readonly message: string;
	/** HTTP status; null when there was no response, or the error came inside a stream. */
	readonly status: number | null;
	/** How long the server asks to wait before the next try. */
	readonly retryAfterMs: number | null;
}

/** A value, or the error that stands for it. */
export type HostResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: HostError };

/** True where waiting and trying again is the remedy: nothing between here and the host could be reached. */
export function isUnreachable(error: HostError): boolean {
	return error.code === "offline" || error.code === "host_unreachable";
}

/** The error for a request that got no response. */
export function offlineError(): HostError {
	return {
		code: "offline",
		message: "The server cannot be reached. Check that it is running and that this device is connected.",
		status: null,
		retryAfterMs: null,
	};
}

/** The error for an answer that broke off. */
export function interruptedError(): HostError {
	return {
		code: "interrupted",
		message: "The connection was lost before the answer was complete. What arrived is kept; try again for the rest.",
		status: null,
		retryAfterMs: null,
	};
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}

/** Reads the `error` member of an error body or of a stream's error event; undefined when there is none. */
export function readErrorMember(body: unknown, status: number | null, retryAfterMs: number | null = null): HostError | undefined {
	if (!isRecord(body) || !isRecord(body.error)) {
		return undefined;
	}
	const { code, message } = body.error;
	return {
		code: typeof code === "string" && isErrorCode(code) ? code : "unknown",
		message: typeof message === "string" && message !== "" ? message : unreadableMessage(status),
		status,
		retryAfterMs,
	};
}

/** Reads an error response's text, whatever sent it. */
export function parseErrorResponse(text: string, status: number, retryAfterMs: number | null = null): HostError {
	return (
		readErrorMember(parseJson(text), status, retryAfterMs) ?? { code: "unknown", message: unreadableMessage(status), status, retryAfterMs }
	);
}

/** Parses JSON; undefined when the text is none. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Reads a `Retry-After` header in its seconds form (RFC 9110 §10.2.3); null for anything else. */
export function parseRetryAfterMs(header: string | null): number | null {
	return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1000 : null;
}

function unreadableMessage(status: number | null): string {
	return status === null
		? "The server reported an error without an explanation. Try again; its log says more."
		: `The server answered with status ${status} and no explanation. Try again; its log says more.`;
}
