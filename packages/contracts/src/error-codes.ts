/** The closed set of error codes that cross a process, with the HTTP status each has. */
export const errorStatus = {
	invalid_request: 400,
	unsupported_parameter: 400,
	context_length_exceeded: 400,
	authorization_pending: 400,
	slow_down: 400,
	access_denied: 400,
	expired_code: 400,
	invalid_grant: 400,
	unauthenticated: 401,
	session_expired: 401,
	invalid_pass: 401,
	forbidden: 403,
	foreign_origin: 403,
	not_found: 404,
	model_not_found: 404,
	conflict: 409,
	host_revoked: 410,
	payload_too_large: 413,
	rate_limited: 429,
	queue_full: 429,
	cancelled: 499,
	internal: 500,
	host_unreachable: 502,
	model_crashed: 502,
	model_unavailable: 503,
	insufficient_memory: 503,
	unavailable: 503,
	peer_offline: 503,
	timeout: 504,
} as const;

/** A code that a server of this platform can send. */
export type ErrorCode = keyof typeof errorStatus;

/** The `type` of the OpenAI error shape for a code. */
export function errorType(code: ErrorCode): string {
	const status = errorStatus[code];
	if (status === 401) {
		return "authentication_error";
	}
	if (status === 403) {
		return "permission_error";
	}
	if (status === 429) {
		return "rate_limit_error";
	}
	return status < 500 ? "invalid_request_error" : "server_error";
}

/** True when the text is one of this platform's codes; clients take any other for unknown. */
export function isErrorCode(text: string): text is ErrorCode {
	return Object.hasOwn(errorStatus, text);
}
