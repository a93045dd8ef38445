import type { ErrorCode } from "@opta/contracts/error-codes";

/** Why something was not done. */
export interface Failure {
	readonly code: ErrorCode;
	/** What happened and what to do next, for people. */
	readonly message: string;
	/** For programs; nothing internal. */
	readonly details?: Readonly<Record<string, unknown>>;
	/** When a repeat may succeed. */
	readonly retryAfterMs?: number;
}

/** A value, or why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };

/** A value as an outcome. */
export function done<T>(value: T): Outcome<T> {
	return { ok: true, value };
}

/** A failure as an outcome. */
export function failed(code: ErrorCode, message: string, extra: Omit<Failure, "code" | "message"> = {}): Outcome<never> {
	return { ok: false, error: { code, message, ...extra } };
}
