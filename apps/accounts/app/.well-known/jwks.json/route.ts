import { accountsContext } from "../../../env.ts";

export const dynamic = "force-dynamic";

/** The public keys of passes (RFC 7517). Hosts pin them when they are claimed; others may keep them for ten minutes. */
export function GET(): Response {
	return Response.json(accountsContext().signer.jwks, {
		headers: { "cache-control": "public, max-age=600", "content-type": "application/jwk-set+json" },
	});
}
