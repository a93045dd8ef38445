import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { refusal } from "../session/response.ts";

/** What a browser answers; the library checks the rest of it. */
export const passkeyResponseSchema = z.looseObject({
	id: z.string(),
	rawId: z.string(),
	type: z.literal("public-key"),
	response: z.looseObject({}),
});

/** The same for everything that can be wrong with an answer. */
export function passkeyNotVerified(): Response {
	return refusal("forbidden", "The passkey could not be verified. Try again.");
}

/** The challenge that this session's browser was to sign; null when there is none, or it is too old. It is good once. */
export async function takePasskeyChallenge(context: AccountsContext, accessToken: string): Promise<string | null> {
	const taken = await context.portal.call("take_passkey_challenge", {}, accessToken);
	return taken.state === "ok" && typeof taken.data === "string" ? taken.data : null;
}
