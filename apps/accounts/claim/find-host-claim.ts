import { confirmCode } from "@opta/auth/device-credential/confirm-code";
import type { SignedInSession } from "@opta/auth/session";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { type FoundByCode, findByUserCode } from "../devices/find-by-user-code.ts";

const rowsSchema = z.array(
	z
		.object({
			host_name: z.string(),
			version: z.string(),
			place: z.string().nullable(),
			client: z.string().nullable(),
			claim_code_hash: z.hash("sha256"),
			key_thumbprint: z.string(),
		})
		.transform(({ host_name, claim_code_hash, key_thumbprint, ...seen }) => ({
			name: host_name,
			...seen,
			/** Shown by the host too, which makes it of the claim code (S256) and its key. */
			fingerprint: confirmCode(Buffer.from(claim_code_hash, "hex").toString("base64url"), key_thumbprint),
		})),
);

/** A host that waits to be claimed. */
export type PendingHost = z.infer<typeof rowsSchema>[number];

/** Looks up the host that shows a typed code. */
export function findHostClaim(
	context: AccountsContext,
	session: SignedInSession,
	code: string,
	headers: Headers,
): Promise<FoundByCode<PendingHost>> {
	return findByUserCode(context, session, code, headers, { name: "find_host_claim", readRows: (rows) => rowsSchema.parse(rows) });
}
