import { daemonHeaders } from "@opta/contracts/daemon-protocol";
import { eventListSchema, eventQuerySchema } from "@opta/contracts/schema/daemon-events";
import {
	cancelTurnSchema,
	createSessionSchema,
	createTurnSchema,
	forkSessionSchema,
	rewindResultSchema,
	rewindSessionSchema,
	sessionFileSchema,
	sessionInfoSchema,
	sessionListSchema,
	sessionQuerySchema,
	sessionSnapshotSchema,
	turnAcceptedSchema,
	updateSessionSchema,
} from "@opta/contracts/schema/daemon-session";
import { z } from "zod";
import { failed } from "../../sessions/outcome.ts";
import type { Sessions } from "../../sessions/sessions.ts";
import { refuseRemoteSession } from "../access/refuse-remote-session.ts";
import { jsonRoute, type Route, type RouteInput, textRoute } from "../route.ts";

const maxImportBytes = 64 * 1024 * 1024;
const longestKey = 200;
const exportQuerySchema = z.strictObject({ format: z.enum(["markdown", "json"]).default("markdown") });
const emptySchema = z.strictObject({}).optional();

const idOf = ({ params }: Pick<RouteInput<unknown, unknown>, "params">): string => params.sessionId ?? "";

/** Sessions and their turns. */
export function sessionRoutes(sessions: Sessions): readonly Route[] {
	const one = "/v3/sessions/:sessionId";
	const client = { access: "client" } as const;
	return [
		jsonRoute({
			...client,
			remote: "see",
			method: "GET",
			path: "/v3/sessions",
			summary: "List sessions, last used first",
			query: sessionQuerySchema,
			answer: sessionListSchema,
			handle: ({ query: { query, workspace, cursor, ...rest }, caller }) =>
				sessions.list(
					{
						...rest,
						...(query === undefined ? {} : { query }),
						...(workspace === undefined ? {} : { workspace }),
						...(cursor === undefined ? {} : { cursor }),
					},
					caller,
				),
		}),
		jsonRoute({
			...client,
			remote: "turns",
			method: "POST",
			path: "/v3/sessions",
			summary: "Begin a session in a folder",
			status: 201,
			body: createSessionSchema,
			answer: sessionSnapshotSchema,
			handle: ({ body, caller }) => {
				const refusal = refuseRemoteSession(caller, body);
				return refusal === null ? sessions.create(body, caller) : { ok: false, error: refusal };
			},
		}),
		jsonRoute({
			...client,
			remote: "never",
			method: "POST",
			path: "/v3/sessions/import",
			summary: "Bring in a session from a file",
			status: 201,
			maxBodyBytes: maxImportBytes,
			body: sessionFileSchema,
			answer: sessionSnapshotSchema,
			handle: ({ body, caller }) => sessions.import(body, caller),
		}),
		jsonRoute({
			...client,
			remote: "see",
			method: "GET",
			path: one,
			summary: "A session whole, with the cursor to follow it from",
			answer: sessionSnapshotSchema,
			handle: (input) => sessions.read(idOf(input), input.caller),
		}),
		jsonRoute({
			...client,
			remote: "turns",
			method: "PATCH",
			path: one,
			summary: "Change title, model or mode",
			body: updateSessionSchema,
			answer: sessionInfoSchema,
			handle: (input) => {
				const refusal = refuseRemoteSession(input.caller, input.body);
				return refusal === null ? sessions.update(idOf(input), input.body, input.caller) : { ok: false, error: refusal };
			},
		}),
		jsonRoute({
			...client,
			remote: "turns",
			method: "DELETE",
			path: one,
			summary: "Put a session in the trash",
			answer: sessionInfoSchema,
			handle: (input) => sessions.trash(idOf(input), input.caller),
		}),
		jsonRoute({
			...client,
			remote: "turns",
			method: "POST",
			path: `${one}/restore`,
			summary: "Take a session out of the trash",
			body: emptySchema,
			answer: sessionInfoSchema,
			handle: (input) => sessions.restore(idOf(input), input.caller),
		}),
		jsonRoute({
			...client,
			remote: "turns",
			method: "POST",
			path: `${one}/fork`,
			summary: "Go on from a message in a new session",
			status: 201,
			body: forkSessionSchema.optional(),
			answer: sessionSnapshotSchema,
			handle: (input) => sessions.fork(idOf(input), input.body ?? {}, input.caller),
		}),
		jsonRoute({
			...client,
			remote: "turns",
			method: "POST",
			path: `${one}/rewind`,
			summary: "Go back to before a message: conversation, files, or both",
			body: rewindSessionSchema,
			answer: rewindResultSchema,
			handle: (input) => sessions.rewind(idOf(input), input.body, input.caller),
		}),
		jsonRoute({
			...client,
			remote: "turns",
			method: "POST",
			path: `${one}/compact`,
			summary: "Let a summary stand for earlier messages when the model is asked",
			body: emptySchema,
			answer: sessionInfoSchema,
			handle: (input) => sessions.compact(idOf(input), input.caller),
		}),
		textRoute({
			...client,
			remote: "see",
			method: "GET",
			path: `${one}/diff`,
			summary: "What the session changed in files, as a unified diff",
			type: "text/x-diff; charset=utf-8",
			handle: (input) => sessions.diff(idOf(input), input.caller),
		}),
		textRoute({
			...client,
			remote: "see",
			method: "GET",
			path: `${one}/export`,
			summary: "The session as one file",
			query: exportQuerySchema,
			type: "text/plain; charset=utf-8",
			handle: (input) => sessions.export(idOf(input), input.query.format, input.caller),
		}),
		jsonRoute({
			...client,
			remote: "turns",
			method: "POST",
			path: `${one}/turns`,
			summary: "Begin a turn; a repeat with the same Idempotency-Key gets the same answer",
			status: 202,
			body: createTurnSchema,
			answer: turnAcceptedSchema,
			handle: (input) => {
				const key = input.header(daemonHeaders.idempotencyKey);
				if (key !== null && (key === "" || key.length > longestKey)) {
					return failed("invalid_request", `The header Idempotency-Key must have 1 to ${longestKey} characters.`);
				}
				return sessions.createTurn(idOf(input), input.body, key, input.caller);
			},
		}),
		jsonRoute({
			...client,
			remote: "approve",
			method: "POST",
			path: `${one}/cancel`,
			summary: "Cancel a turn, or the running one and all that wait",
			body: cancelTurnSchema.optional(),
			answer: z.object({ cancelled: z.array(z.string()) }),
			handle: (input) => sessions.cancel(idOf(input), input.body?.turnId, input.caller),
		}),
		jsonRoute({
			...client,
			remote: "see",
			method: "GET",
			path: `${one}/events`,
			summary: "Durable events after a cursor",
			query: eventQuerySchema,
			answer: eventListSchema,
			handle: (input) => sessions.events(idOf(input), input.query.after, input.query.limit, input.caller),
		}),
	];
}
