import { createDataClientFor } from "@opta/auth/data-client";
import type { SignedInSession } from "@opta/auth/session";
import type { AuthenticatorTransport } from "@simplewebauthn/server";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";

const rowSchema = z.object({
	id: z.string(),
	name: z.string(),
	public_key: z.string(),
	counter: z.coerce.number(),
	transports: z.array(z.string()),
	created_at: z.string(),
	last_used_at: z.string().nullable(),
});

/** A passkey of a person. */
export type Passkey = z.infer<typeof rowSchema>;

/** Reads a person's passkeys, the oldest first; null while the back end is away. */
export async function readPasskeys(
	context: AccountsContext,
	{ accessToken }: Pick<SignedInSession, "accessToken">,
): Promise<readonly Passkey[] | null> {
	const { data, error } = await createDataClientFor(context.configuration, accessToken).from("passkeys").select("*").order("created_at");
	return error === null ? z.array(rowSchema).parse(data) : null;
}

/** How the browser reaches it. */
export function transportsOf({ transports }: Passkey): AuthenticatorTransport[] {
	return transports as AuthenticatorTransport[];
}
