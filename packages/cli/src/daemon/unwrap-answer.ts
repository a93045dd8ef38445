import { type HostError, type HostResult, isUnreachable } from "@opta/host-client/host-error";
import { CommandFailure, type FailureKind } from "../program/command-failure.ts";

const kinds: Partial<Record<HostError["code"], FailureKind>> = {
	model_unavailable: "unreachable",
	unavailable: "unreachable",
	timeout: "unreachable",
	interrupted: "unreachable",
	context_length_exceeded: "limit",
	invalid_request: "usage",
};

/** The exit code for an error of a server. */
export function failureKindOf(error: Pick<HostError, "code">): FailureKind {
	return isUnreachable(error as HostError) ? "unreachable" : (kinds[error.code] ?? "failed");
}

/**
 * The value of an answer.
 * @throws {CommandFailure} with the server's words, where it is an error.
 */
export function unwrapAnswer<T>(answer: HostResult<T>): T {
	if (!answer.ok) {
		throw new CommandFailure(failureKindOf(answer.error), answer.error.message);
	}
	return answer.value;
}
