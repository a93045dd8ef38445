import type { SignedInSession } from "@opta/auth/session";
import { z } from "zod";
import { databaseTime } from "../account/database-time.ts";
import type { AccountsContext } from "../accounts-context.ts";
import { type ProviderName, providerNames } from "./providers.ts";

const rowSchema = z.object({
	has_password: z.boolean(),
	identities: z.array(z.object({ id: z.uuid(), provider: z.string(), name: z.string(), linkedAt: z.string() })),
});

/** A login at another service that opens the account. */
export interface LinkedIdentity {
	readonly id: string;
	readonly provider: ProviderName;
	/** Login name or address there; may be empty. */
	readonly name: string;
	readonly linkedAt: Date;
}

/** What opens an account, apart from mail links, which always do. */
export interface SignInWays {
	readonly hasPassword: boolean;
	readonly identities: readonly LinkedIdentity[];
}

/** Reads what opens a person's account; null while the back end does not answer. */
export async function readSignInWays(
	context: AccountsContext,
	{ accessToken }: Pick<SignedInSession, "accessToken">,
): Promise<SignInWays | null> {
	const answer = await context.portal.call("read_sign_in_ways", {}, accessToken);
	if (answer.state !== "ok") {
		return null;
	}
	const [row] = z.array(rowSchema).parse(answer.data);
	if (row === undefined) {
		return null;
	}
	const identities = row.identities.flatMap(({ provider: name, linkedAt, ...identity }) => {
		const provider = providerNames.find((known) => known === name);
		return provider === undefined ? [] : [{ ...identity, provider, linkedAt: databaseTime(linkedAt) }];
	});
	return { hasPassword: row.has_password, identities };
}
