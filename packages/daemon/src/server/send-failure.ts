import { errorBody } from "@opta/contracts/error-body";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Failure } from "../sessions/outcome.ts";

/** Seconds after which a repeat makes sense, where the failure does not say. */
const usualRetrySeconds: Readonly<Partial<Record<ErrorCode, number>>> = { queue_full: 5, rate_limited: 10, unavailable: 2 };

/** Answers with an error in the platform's shape. */
export function sendFailure(reply: FastifyReply, { code, message, details, retryAfterMs }: Failure): FastifyReply {
	const seconds = retryAfterMs === undefined ? usualRetrySeconds[code] : Math.ceil(retryAfterMs / 1000);
	if (seconds !== undefined) {
		reply.header("retry-after", seconds);
	}
	if (code === "unauthenticated") {
		reply.header("www-authenticate", "Bearer");
	}
	return reply
		.code(errorStatus[code])
		.type("application/json; charset=utf-8")
		.send(JSON.stringify(errorBody(code, message, details === undefined ? {} : { details: { ...details } })));
}

/** What is wrong with a body or a query, by the name of the first parameter. */
export function describeIssue(error: z.ZodError): Failure {
	const [issue] = error.issues;
	if (issue?.code === "unrecognized_keys") {
		const name = [...issue.path, issue.keys[0] ?? ""].map(String).join(".");
		return { code: "unsupported_parameter", message: `There is no parameter "${name}". Remove it, or check its spelling.` };
	}
	const name = issue?.path.map(String).join(".") ?? "";
	const subject = name === "" ? "The request" : `The parameter "${name}"`;
	return { code: "invalid_request", message: `${subject} is not valid: ${issue?.message ?? "unknown"}.` };
}

const knownErrors: Readonly<Record<string, Failure>> = {
	FST_ERR_CTP_BODY_TOO_LARGE: { code: "payload_too_large", message: "The request body is too large. Send less at once." },
	FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: "invalid_request", message: "Send the body as application/json." },
	FST_ERR_CTP_INVALID_JSON_BODY: { code: "invalid_request", message: "The request body is not valid JSON." },
	FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: "invalid_request", message: "The length of the body differs from its header." },
};

/** Turns whatever went wrong in a route into an answer; nothing internal leaks. */
export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
	const known = knownErrors[error.code];
	if (known !== undefined) {
		return sendFailure(reply, known);
	}
	if (error.statusCode !== undefined && error.statusCode < 500) {
		return sendFailure(reply, { code: "invalid_request", message: "The request could not be understood." });
	}
	request.log.error({ err: error }, "a route failed");
	return sendFailure(reply, { code: "internal", message: "Something went wrong in the daemon. Its log says what: opta daemon logs" });
}
