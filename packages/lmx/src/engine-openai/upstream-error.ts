import { type ErrorCode, errorStatus, isErrorCode } from "@opta/contracts/error-codes";
import { z } from "zod";
import type { AnswerError } from "../serving/backend.ts";

/** The shapes that servers answer with: OpenAI's, a bare text, or FastAPI's. */
const bodySchema = z.union([
	z.looseObject({
		error: z.union([
			z.string().transform((message) => ({ message, code: null, param: null })),
			z.looseObject({
				message: z.string(),
				code: z.unknown().optional(),
				param: z.unknown().optional(),
			}),
		]),
	}),
	z.looseObject({ message: z.string() }).transform((body) => ({ error: { message: body.message, code: null, param: null } })),
	z.looseObject({ detail: z.string() }).transform(({ detail }) => ({ error: { message: detail, code: null, param: null } })),
]);

/** Longer texts are cut: they stand in a sentence. */
const maxMessageChars = 1000;

interface Said {
	readonly message: string | null;
	readonly code: string | null;
	readonly param: string | null;
}

/** Reads what an error body says; a text that is no JSON is not shown, for it may be a page. */
function read(body: string): Said {
	let parsed: z.infer<typeof bodySchema> | undefined;
	try {
		parsed = bodySchema.safeParse(JSON.parse(body)).data;
	} catch (error) {
		if (!(error instanceof SyntaxError)) {
			throw error;
		}
	}
	const { message = null, code, param } = parsed?.error ?? {};
	return {
		message: message === null ? null : message.slice(0, maxMessageChars),
		code: typeof code === "string" ? code : null,
		param: typeof param === "string" ? param : null,
	};
}

function codeFor(status: number): ErrorCode {
	switch (status) {
		case 400:
		case 422:
			return "invalid_request";
		case 404:
			return "model_not_found";
		case 413:
			return "payload_too_large";
		case 429:
			return "queue_full";
		case 408:
		case 504:
			return "timeout";
		case 503:
			return "model_unavailable";
		default:
			return status >= 500 ? "model_crashed" : "invalid_request";
	}
}

/** What a client is told of another server's error. `server` is its name in the configuration. */
export function upstreamError(server: string, status: number, body: string): AnswerError {
	const { message, code: given, param } = read(body);
	if (status === 401 || status === 403) {
		return {
			code: "model_unavailable",
			message: `The server ${server} does not take the key of this host. Check its apiKeyFile or apiKeyEnv.`,
		};
	}
	const isOurs = given !== null && isErrorCode(given) && errorStatus[given] === status;
	const code = isOurs ? given : codeFor(status);
	return {
		code,
		message: `The server ${server} says: ${message ?? `status ${status}, without a reason`}`,
		...(param === null ? {} : { param }),
	};
}

/** An error that came in the middle of a stream. */
export function streamError(server: string, data: string): AnswerError {
	const { message, code } = read(data);
	return {
		code: code !== null && isErrorCode(code) ? code : "model_crashed",
		message: `The server ${server} stopped in the middle of this answer: ${message ?? "it gave no reason"}`,
	};
}
