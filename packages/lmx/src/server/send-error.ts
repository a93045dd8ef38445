import { errorBody } from "@opta/contracts/error-body";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { AnswerError } from "../serving/backend.ts";
import { messageError } from "./messages/message-error.ts";

/** Answers that make sense to repeat, and after how many seconds. */
const retryAfterSeconds: Readonly<Partial<Record<ErrorCode, number>>> = {
	queue_full: 5,
	model_unavailable: 2,
	model_crashed: 2,
	insufficient_memory: 10,
};

declare module "fastify" {
	interface FastifyContextConfig {
		/** Errors of the route have the shape of this API; of the OpenAI API where none is named. */
		errorShape?: "anthropic";
	}
}

/** Answers with an error, in the shape that the route's API has. */
export function sendError(reply: FastifyReply, { code, message, param, details }: AnswerError): FastifyReply {
	const retryAfter = retryAfterSeconds[code];
	if (retryAfter !== undefined) {
		reply.header("retry-after", retryAfter);
	}
	const extra = { ...(param === undefined ? {} : { param }), ...(details === undefined ? {} : { details }) };
	const { id, routeOptions } = reply.request;
	const isAnthropic = routeOptions.config.errorShape === "anthropic";
	return reply
		.code(errorStatus[code])
		.header("content-type", "application/json; charset=utf-8")
		.serializer(JSON.stringify)
		.send(isAnthropic ? messageError(code, message, id) : errorBody(code, message, extra));
}

/** Something that a schema found, as fastify-type-provider-zod reports it. */
export interface SchemaIssue {
	/** Slashes between the keys. */
	readonly instancePath: string;
	/** zod's code of the issue. */
	readonly keyword: string;
	readonly params: Readonly<Record<string, unknown>>;
	readonly message?: string | undefined;
}

/** The first thing that is wrong with a body, by the name of the parameter; null as the only value is that of `notSupported`. */
export function describeIssue(issue: SchemaIssue): AnswerError {
	const place = issue.instancePath.split("/").filter((part) => part !== "");
	if (issue.keyword === "unrecognized_keys") {
		const [key] = issue.params.keys as readonly string[];
		const param = [...place, key].join(".");
		return {
			code: "unsupported_parameter",
			message: `LMX does not know the parameter "${param}". Remove it, or check its spelling.`,
			param,
		};
	}
	const param = place.join(".");
	if (issue.keyword === "invalid_type" && issue.params.expected === "null") {
		return { code: "unsupported_parameter", message: `The parameter "${param}" is not supported: ${issue.message}`, param };
	}
	return param === ""
		? { code: "invalid_request", message: `The request body is not valid: ${issue.message}.` }
		: { code: "invalid_request", message: `The parameter "${param}" is not valid: ${issue.message}.`, param };
}

const knownErrors: Readonly<Record<string, AnswerError>> = {
	FST_ERR_CTP_BODY_TOO_LARGE: { code: "payload_too_large", message: "The request body is too large. Send a shorter chat." },
	FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: "invalid_request", message: "Send the body as application/json." },
	FST_ERR_CTP_EMPTY_JSON_BODY: { code: "invalid_request", message: "The request body is empty. Send a JSON object." },
	FST_ERR_CTP_INVALID_JSON_BODY: { code: "invalid_request", message: "The request body is not valid JSON." },
	FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: "invalid_request", message: "The length of the body differs from its header." },
};

/** Turns whatever went wrong in a route into an answer; nothing internal leaks. */
export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
	if (hasZodFastifySchemaValidationErrors(error)) {
		const [issue] = error.validation;
		return sendError(reply, issue === undefined ? { code: "invalid_request", message: "The request is not valid." } : describeIssue(issue));
	}
	const known = knownErrors[error.code];
	if (known !== undefined) {
		return sendError(reply, known);
	}
	if (error.statusCode !== undefined && error.statusCode < 500) {
		return sendError(reply, { code: "invalid_request", message: "The request could not be understood." });
	}
	request.log.error({ err: error }, "a route failed");
	return sendError(reply, { code: "internal", message: "Something went wrong in the inference server. Its log says what." });
}
