import { type ErrorBody, errorBody } from "@opta/contracts/error-body";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";

/** Answers that may carry or depend on a session are kept by nobody. */
const notStored = "private, no-store";

function withCookies(headers: Headers, setCookies: readonly string[]): Headers {
	headers.set("cache-control", notStored);
	for (const line of setCookies) {
		headers.append("set-cookie", line);
	}
	return headers;
}

/** Sends the browser on with a GET, as after a form. `to` is an absolute address of ours. */
export function seeOther(to: string, setCookies: readonly string[] = []): Response {
	return new Response(null, { status: 303, headers: withCookies(new Headers({ location: to }), setCookies) });
}

/** A JSON answer that nobody stores. */
export function privateJson(body: unknown, setCookies: readonly string[] = [], status = 200): Response {
	return Response.json(body, { status, headers: withCookies(new Headers(), setCookies) });
}

/** An error answer with the status of its code. */
export function refusal(code: ErrorCode, message: string): Response {
	const body: ErrorBody = errorBody(code, message);
	return privateJson(body, [], errorStatus[code]);
}

/** What programs are told while the back end is away. */
export const accountServiceUnreachable = "The account service cannot be reached; try again in a moment.";
