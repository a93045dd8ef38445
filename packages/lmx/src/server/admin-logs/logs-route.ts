import { type LogQuery, type LogStreamMessage, logPageSchema, logQuerySchema } from "@opta/contracts/schema/lmx-logs";
import type { FastifyReply } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { type LogBook, matchesFilter } from "../../logs/log-book.ts";
import type { EventStreams } from "../sse/event-streams.ts";

/** What the route needs. */
export interface LogsRouteParts {
	readonly book: LogBook;
	readonly streams: EventStreams;
}

/** Sends what the query finds, then every entry that matches. */
function follow({ book, streams }: LogsRouteParts, query: LogQuery, reply: FastifyReply): void {
	let unsubscribe = (): void => undefined;
	const stream = streams.start(reply, () => unsubscribe());
	if (stream === null) {
		return;
	}
	const send = (id: string, message: LogStreamMessage): void => stream.send(id, message);
	const { entries, lastId, hasGap } = book.page(query);
	if (hasGap) {
		send(lastId, { type: "gap", at: new Date().toISOString() });
	}
	for (const { id, ...entry } of entries) {
		send(id, { type: "log", ...entry });
	}
	unsubscribe = book.subscribe(({ id, value }) => {
		if (matchesFilter(query, value)) {
			send(id, { type: "log", ...value });
		}
	});
}

/** `GET /admin/logs`: the last entries of the log, by model and level, as a page or as server-sent events that go on. */
export function logsRoute(parts: LogsRouteParts): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		const headers = z.looseObject({ accept: z.string().optional(), "last-event-id": z.string().optional() });
		app.get(
			"/admin/logs",
			{
				exposeHeadRoute: false,
				schema: {
					summary: "The last lines of the log, or the log as it is written",
					querystring: logQuerySchema,
					headers,
					response: { 200: logPageSchema },
				},
			},
			async (request, reply) => {
				const { accept, "last-event-id": lastEventId } = request.headers;
				if (accept?.includes("text/event-stream") === true) {
					const after = lastEventId ?? request.query.after;
					follow(parts, { ...request.query, ...(after === undefined ? {} : { after, limit: Number.POSITIVE_INFINITY }) }, reply);
					return reply;
				}
				return parts.book.page(request.query);
			},
		);
		done();
	};
}
