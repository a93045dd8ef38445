import { type ErrorCode, errorType } from "./error-codes.ts";

/** Body of every error response; on `/v1/*` this is the OpenAI shape. */
export interface ErrorBody {
	error: {
		code: ErrorCode;
		message: string;
		type: string;
		param?: string;
		details?: Record<string, unknown>;
	};
}

/** Builds the body of an error response. The message says what happened and what to do next. */
export function errorBody(code: ErrorCode, message: string, extra: { param?: string; details?: Record<string, unknown> } = {}): ErrorBody {
	return { error: { code, message, type: errorType(code), ...extra } };
}
