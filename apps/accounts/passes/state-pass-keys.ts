import type { AccountsContext } from "../accounts-context.ts";
import { privateJson } from "../session/response.ts";

/**
 * `GET /api/pass/keys`: the public keys of passes, stated by each of them. A host that pins one takes the others from here;
 * `/.well-known/jwks.json` is for pinning the first. Anybody may read both.
 */
export async function statePassKeys(context: Pick<AccountsContext, "signer">): Promise<Response> {
	return privateJson({ statements: await context.signer.stateKeys() });
}
