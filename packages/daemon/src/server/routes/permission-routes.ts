import { permissionAnswerSchema, permissionListSchema, permissionResolutionSchema } from "@opta/contracts/schema/daemon-permission";
import { z } from "zod";
import type { Sessions } from "../../sessions/sessions.ts";
import { jsonRoute, type Route } from "../route.ts";

/** What waits for a person. */
export function permissionRoutes(sessions: Sessions): readonly Route[] {
	return [
		jsonRoute({
			access: "client",
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
			method: "POST",
			path: "/v3/permissions",
			summary: "Answer; the first answer wins, later ones get 409 with who decided",
			body: permissionAnswerSchema,
			answer: permissionResolutionSchema,
			handle: ({ body, caller }) => sessions.answerPermission(body, caller),
		}),
	];
}
