import { type ErrorCode, isErrorCode } from "@opta/contracts/error-codes";
import { z } from "zod";
import { EgressRefusedError } from "../egress/egress.ts";
import type { ModelFailure } from "./model-source.ts";

const errorMemberSchema = z.object({
	error: z.object({ code: z.unknown(), type: z.unknown(), message: z.unknown(), details: z.unknown() }).partial(),
});

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
	401: "unauthenticated",
	403: "forbidden",
	404: "model_not_found",
	413: "context_length_exceeded",
	429: "rate_limited",
	500: "internal",
	502: "host_unreachable",
	503: "unavailable",
	504: "timeout",
	529: "unavailable",
};

/** How servers of other makers say that a prompt is too long. */
const tooLong = /context (length|size|window)|exceed_context_size|prompt is too long|maximum context|too many tokens/i;

/** A failure with what is usual left out. */
export function failure(code: ErrorCode, message: string, rest: Partial<ModelFailure> = {}): ModelFailure {
	return { code, message, hadOutput: false, retryAfterMs: null, unreachable: false, ...rest };
}

/** The failure of something that the person or the daemon ended. */
export function cancelledFailure(hadOutput = false): ModelFailure {
	return failure("cancelled", "The request was cancelled.", { hadOutput });
}

/** The failure of a server that cannot be reached; says why where the guard of "local only" refused. */
export function unreachableFailure(error: unknown, address: string): ModelFailure {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		if (cause instanceof EgressRefusedError) {
			return failure("forbidden", cause.message);
		}
	}
	const message = `The model server at ${address} cannot be reached. Check that it runs ("opta status") and that the address is right ("opta connect").`;
	return failure("host_unreachable", message, { unreachable: true });
}

/** The failure of a connection that broke off, or of a server that stopped answering, in the middle of an answer. */
export function brokenFailure(
	hadOutput: boolean,
	what = "The connection to the model broke off before the answer was complete.",
): ModelFailure {
	return failure("host_unreachable", `${what} What arrived is kept; send the message again to go on.`, { hadOutput });
}

/** Reads `Retry-After` (RFC 9110 §10.2.3), in seconds or as a date; null where there is none. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
	if (header === null) {
		return null;
	}
	if (/^\s*\d{1,6}\s*$/.test(header)) {
		return Number(header) * 1000;
	}
	const at = Date.parse(header);
	return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/** Reads an error of a server, whatever its maker: an HTTP body, or an event of a stream (then without a status). */
export function serverFailure(body: unknown, status: number | null, rest: Partial<ModelFailure> = {}): ModelFailure {
	const member = errorMemberSchema.safeParse(body).data?.error;
	const said = [member?.code, member?.type].find((each): each is ErrorCode => typeof each === "string" && isErrorCode(each));
	const text = typeof member?.message === "string" && member.message !== "" ? member.message : null;
	const isTooLong = tooLong.test(`${text ?? ""} ${String(member?.type ?? "")}`) && (status === null || status < 500);
	const byStatus = status === null ? "unavailable" : (codeOfStatus[status] ?? (status < 500 ? "invalid_request" : "internal"));
	const code = said ?? (isTooLong ? "context_length_exceeded" : byStatus);
	const plain = `The model server answered with ${status === null ? "an error" : `status ${status}`} and no explanation. Its log says more.`;
	return failure(code, text ?? plain, rest);
}
