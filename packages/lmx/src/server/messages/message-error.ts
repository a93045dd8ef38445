import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";
import type { MessageError } from "@opta/contracts/schema/lmx-messages";

const typeOfStatus: Readonly<Record<number, MessageError["error"]["type"]>> = {
	401: "authentication_error",
	403: "permission_error",
	404: "not_found_error",
	413: "request_too_large",
	429: "rate_limit_error",
	503: "overloaded_error",
};

/** An error in the shape of the Anthropic API reference. */
export function messageError(code: ErrorCode, message: string, requestId: string | null): MessageError {
	const status = errorStatus[code];
	const type = typeOfStatus[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
	return { type: "error", error: { type, message }, request_id: requestId };
}
