import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { LiveSettings } from "../../config/live-settings.ts";
import { sendError } from "../send-error.ts";

/** `POST /admin/config/reload`: reads the configuration file again; one with a mistake changes nothing. */
export function configRoutes(settings: Pick<LiveSettings, "reload">): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.post(
			"/admin/config/reload",
			{ schema: { tags: ["Admin"], summary: "Read config.yaml again", response: { 200: z.object({ reloaded: z.literal(true) }) } } },
			async (_request, reply) => {
				const problem = settings.reload();
				return problem === null
					? { reloaded: true as const }
					: sendError(reply, { code: "invalid_request", message: `${problem} The configuration before holds on.` });
			},
		);
		done();
	};
}
