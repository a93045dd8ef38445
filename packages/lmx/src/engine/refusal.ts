import type { ErrorCode } from "@opta/contracts/error-codes";

/** A request that this model cannot serve; the message says what is wrong and what to do. Becomes `refused` for the parent. */
export class RefusalError extends Error {
	readonly code: ErrorCode;
	/** The parameter that is to blame. */
	readonly param: string | undefined;
	readonly details: Record<string, unknown> | undefined;

	constructor(code: ErrorCode, message: string, extra: { param?: string; details?: Record<string, unknown> } = {}) {
		super(message);
		this.code = code;
		this.param = extra.param;
		this.details = extra.details;
	}
}
