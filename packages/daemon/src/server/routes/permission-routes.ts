import { permissionAnswerSchema, permissionListSchema, permissionResolutionSchema } from "@opta/contracts/schema/daemon-permission";
import { z } from "zod";
import { failed } from "../../sessions/outcome.ts";
import type { Sessions } from "../../sessions/sessions.ts";
import { jsonRoute, type Route } from "../route.ts";

/** What waits for a person. */
export function permissionRoutes(sessions: Sessions): readonly Route[] {
	return [
		jsonRoute({
			access: "client",
			remote: "see",
			method: "GET",
			path: "/v3/permissions",
			summary: "What waits for an answer, of one session or of all",
			query: z.strictObject({ sessionId: z.string().max(128).optional() }),
			answer: permissionListSchema,
			handle: async ({ query, caller }) => {
				const pending = await sessions.permissions(query.sessionId, caller);
				return pending.ok ? { ok: true, value: { permissions: pending.value } } : pending;
			},
		}),
		jsonRoute({
			access: "client",
			remote: "approve",
			method: "POST",
			path: "/v3/permissions",
			summary: "Answer; the first answer wins, later ones get 409 with who decided",
			body: permissionAnswerSchema,
			answer: permissionResolutionSchema,
			handle: ({ body, caller }) =>
				caller.remote !== undefined && body.scope === "project"
					? failed(
							"forbidden",
							"A rule for a whole project is made on the computer itself. From elsewhere, answer once or for this session.",
						)
					: sessions.answerPermission(body, caller),
		}),
	];
}
