import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { EventFeed } from "../../events/event-feed.ts";
import type { EventStreams } from "../sse/event-streams.ts";

/** What the route needs. */
export interface EventsRouteParts {
	readonly feed: EventFeed;
	readonly streams: EventStreams;
}

/** `GET /admin/events`: how things are, then everything that happens, as server-sent events. */
export function eventsRoute({ feed, streams }: EventsRouteParts): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.get(
			"/admin/events",
			{
				exposeHeadRoute: false,
				schema: {
					summary: "How things are, then everything that happens, as server-sent events",
					headers: z.looseObject({ "last-event-id": z.string().optional() }),
				},
			},
			(request, reply) => {
				let unsubscribe = (): void => undefined;
				const stream = streams.start(reply, () => unsubscribe());
				if (stream === null) {
					return reply;
				}
				for (const { id, value } of feed.opening(request.headers["last-event-id"])) {
					stream.send(id, value);
				}
				unsubscribe = feed.subscribe(({ id, value }) => stream.send(id, value));
				return reply;
			},
		);
		done();
	};
}
