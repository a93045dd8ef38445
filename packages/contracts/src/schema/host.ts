import { z } from "zod";
import { hostRoles } from "../roles.ts";

/** A host that the signed-in person may use, as the sites list it. */
export const hostSummarySchema = z.object({
	id: z.uuid(),
	name: z.string(),
	role: z.enum(hostRoles),
	lastSeenAt: z.iso.datetime().nullable(),
});

/** `host.json` in the state folder: who this host is and whose passes it trusts. */
export const hostIdentitySchema = z.strictObject({
	hostId: z.uuid(),
	name: z.string().min(1),
	/** `iss` of the passes, the public origin of accounts. */
	issuer: z.url(),
	/** The host's own key pair: with it, it asks accounts whose passes were revoked. */
	key: z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: z.string(), y: z.string(), d: z.string() }),
	/** Public keys of accounts, pinned when the host was claimed, and after that as accounts states them with a pinned key. */
	jwks: z.strictObject({
		keys: z.array(z.looseObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: z.string(), y: z.string(), kid: z.string() })).min(1),
	}),
});

/** A host that the signed-in person may use. */
export type HostSummary = z.infer<typeof hostSummarySchema>;
/** Contents of `host.json`. */
export type HostIdentity = z.infer<typeof hostIdentitySchema>;
