import { streamEventSchema } from "@opta/contracts/schema/daemon-events";
import { z } from "zod";
import { failed } from "../../sessions/outcome.ts";
import type { Sessions } from "../../sessions/sessions.ts";
import { type Route, rawRoute } from "../route.ts";
import { openEventResponse } from "./event-response.ts";
import type { Readers } from "./readers.ts";

const querySchema = z.strictObject({ after: z.string().max(128).optional() });
const heartbeatMs = 15_000;

/** `GET /v3/sessions/:sessionId/stream`: events of a session by SSE. Each event is one `data` line; durable ones have an `id`. */
export function streamRoute(sessions: Sessions, readers: Readers): Route {
	return rawRoute({
		access: "client",
		remote: "see",
		method: "GET",
		path: "/v3/sessions/:sessionId/stream",
		summary: "Follow a session by server-sent events, from a cursor (Last-Event-ID or ?after=)",
		query: querySchema,
		answer: { kind: "events", schema: streamEventSchema },
		handle: async ({ params, query, header, caller, gone }, _request, reply) => {
			const stream = openEventResponse(reply, heartbeatMs);
			const leave = readers.enter(() => stream.end());
			if (leave === null) {
				return failed(
					"unavailable",
					`${readers.used()} clients already follow this daemon, as many as it serves. Close one, or try again later.`,
				);
			}
			// A reconnecting browser's header is newer than the address that it first used.
			const after = header("last-event-id") ?? query.after;
			const subscription = await sessions.subscribe(
				params.sessionId ?? "",
				after,
				{
					send: (event, json) => stream.write(`${"id" in event ? `id: ${event.id}\n` : ""}data: ${json}\n\n`),
					end: () => stream.end(),
				},
				caller,
			);
			if (!subscription.ok) {
				leave();
				return subscription;
			}
			stream.begin();
			const stop = (): void => {
				leave();
				subscription.value.stop();
			};
			caller.remote?.ended.addEventListener("abort", () => stream.end(), { once: true });
			if (gone.aborted) {
				stop();
			} else {
				gone.addEventListener("abort", stop, { once: true });
			}
			return "sent";
		},
	});
}
