import { clientListSchema, pairCodeSchema, pairedClientSchema, pairRequestSchema } from "@opta/contracts/schema/daemon-status";
import { z } from "zod";
import type { PairCodes } from "../../pairing/pair-codes.ts";
import type { PairedClients } from "../../pairing/paired-clients.ts";
import { done, failed } from "../../sessions/outcome.ts";
import { jsonRoute, type Route } from "../route.ts";

/** The path that a page may call before it is known. */
export const pairPath = "/v3/pair";

/** Pairing of clients that have no access to the user's files: the desktop's window, a page of another origin. */
export function clientRoutes(clients: PairedClients, codes: PairCodes): readonly Route[] {
	return [
		jsonRoute({
			access: "owner",
			remote: "never",
			method: "POST",
			path: "/v3/pair/code",
			summary: "A code for pairing one client within five minutes",
			status: 201,
			body: z.strictObject({}).optional(),
			answer: pairCodeSchema,
			handle: () => {
				const { code, expiresAt } = codes.create();
				return done({ code, expiresAt: expiresAt.toISOString() });
			},
		}),
		jsonRoute({
			access: "open",
			remote: "never",
			method: "POST",
			path: pairPath,
			summary: "Exchange the code for a token that is good until it is revoked",
			status: 201,
			body: pairRequestSchema,
			answer: pairedClientSchema,
			handle: async ({ body, header }) =>
				codes.use(body.code)
					? done(await clients.add(body.name, header("origin")))
					: failed("expired_code", "The code is wrong or no longer good. Make a new one: opta daemon pair"),
		}),
		jsonRoute({
			access: "owner",
			remote: "never",
			method: "GET",
			path: "/v3/clients",
			summary: "Paired clients",
			answer: clientListSchema,
			handle: () => done(clients.list()),
		}),
		jsonRoute({
			access: "owner",
			remote: "never",
			method: "DELETE",
			path: "/v3/clients/:clientId",
			summary: "Take a client's token away",
			answer: z.null(),
			handle: async ({ params }) =>
				(await clients.revoke(params.clientId ?? ""))
					? done(null)
					: failed("not_found", "There is no such client. List them: opta daemon pair --list"),
		}),
	];
}
