import { z } from "zod";

/** Answer of `GET accounts/api/session`: who is signed in, for headers; nothing else is told. */
export const sessionResponseSchema = z.discriminatedUnion("signedIn", [
	z.object({ signedIn: z.literal(false) }),
	z.object({ signedIn: z.literal(true), name: z.string(), pictureUrl: z.url().nullable() }),
]);

/** Answer of `GET accounts/api/session`. */
export type SessionResponse = z.infer<typeof sessionResponseSchema>;
