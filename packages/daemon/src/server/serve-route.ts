import type { FastifyReply, FastifyRequest } from "fastify";
import type { Route } from "./route.ts";
import { describeIssue, sendFailure } from "./send-failure.ts";

/** Aborted when the connection of a request is gone before its answer is complete. */
function goneSignal(reply: FastifyReply): AbortSignal {
	const gone = new AbortController();
	reply.raw.once("close", () => gone.abort());
	return gone.signal;
}

/** Answers a request by its route: checks body and query, and sends what comes of it. */
export async function serveRoute(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
	const body = route.body?.safeParse(request.body ?? undefined);
	const query = route.query?.safeParse(request.query);
	for (const checked of [body, query]) {
		if (checked?.success === false) {
			return sendFailure(reply, describeIssue(checked.error));
		}
	}
	if (request.caller === null) {
		throw new Error("A route was reached past the guard.");
	}
	const outcome = await route.handle(
		{
			params: request.params as Record<string, string>,
			body: body?.data,
			query: query?.data,
			caller: request.caller,
			header: (name) => {
				const value = request.headers[name];
				return typeof value === "string" ? value : null;
			},
			gone: goneSignal(reply),
		},
		request,
		reply,
	);
	if (outcome === "sent") {
		return reply;
	}
	if (!outcome.ok) {
		return sendFailure(reply, outcome.error);
	}
	if (route.answer.kind === "text") {
		return reply.type(route.answer.type).send(outcome.value);
	}
	const status = route.answer.kind === "json" ? route.answer.status : 200;
	return reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(outcome.value));
}
