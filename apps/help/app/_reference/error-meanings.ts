import type { ErrorCode } from "@opta/contracts/error-codes";

/** What each error code means for the one who sent the request. */
export const errorMeanings: Readonly<Record<ErrorCode, string>> = {
	invalid_request: "The request cannot be read, or a value is out of range. `param` names the field.",
	unsupported_parameter: "LMX does not honour this parameter, and would rather say so than ignore it.",
	context_length_exceeded: "Prompt and answer together are longer than the model's context. `details` has the numbers.",
	unauthenticated: "Nobody is signed in. Sign in and try again.",
	session_expired: "The session has to be refreshed. The sites do this by themselves, once.",
	invalid_pass: "The pass is missing, expired, forged, or made for another host.",
	forbidden: "Your role on this host does not open this route.",
	foreign_origin: "The request came from a page that is none of the eight sites.",
	not_found: "There is nothing at this address.",
	model_not_found: "No model has this name. `GET /v1/models` lists those that do.",
	conflict: "Something else changed first. Read again, then decide.",
	payload_too_large: "The body is larger than the limit.",
	rate_limited: "Too many requests. `Retry-After` says when to come back.",
	queue_full: "The model's queue is full. `Retry-After` says when to come back.",
	cancelled: "The client left before the answer was complete.",
	internal: "A fault of the platform. The log has the details.",
	host_unreachable: "The site could not reach the host: it is off, asleep, or its address changed.",
	model_crashed: "The model's process ended while it worked. It is being started again.",
	model_unavailable: "The model is loading or has failed. `GET /admin/status` says which.",
	insufficient_memory: "The model does not fit into the memory that is left. `details` has the numbers.",
	unavailable: "A part that is needed is not running.",
	timeout: "A part that is needed did not answer in time.",
};
