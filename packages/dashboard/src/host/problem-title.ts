import type { HostErrorCode } from "@opta/host-client/host-error";

const titles: Partial<Record<HostErrorCode, string>> = {
	offline: "No connection",
	host_unreachable: "Host unreachable",
	interrupted: "The answer was cut off",
	session_expired: "You are signed out",
	unauthenticated: "You are signed out",
	invalid_pass: "The host did not accept the pass",
	forbidden: "Your role does not allow this",
	context_length_exceeded: "Too long for this model",
	queue_full: "The host is busy",
	rate_limited: "The host is busy",
	model_not_found: "This model is not here",
	model_crashed: "The model stopped",
	model_unavailable: "The model is not ready",
	insufficient_memory: "Not enough memory",
	timeout: "The host took too long",
	peer_offline: "This computer is not joined now",
	host_revoked: "This host was removed",
};

/** A title of a few words for an error; its message says the rest. */
export function problemTitle(code: HostErrorCode): string {
	return titles[code] ?? "That did not work";
}
