import { askAccounts } from "@opta/auth/accounts-client/ask-accounts";
import { passRevocationsPath } from "@opta/contracts/pass";
import { passRevocationsSchema } from "@opta/contracts/schema/pass";
import { signHostAssertion } from "../identity/host-assertion.ts";
import { readHostIdentity } from "../identity/read-host-identity.ts";
import { hostIdentityFile } from "../identity/store-host-identity.ts";

/** Where a claim would write, and whether it may replace what is there. */
export interface SecondClaim {
	readonly stateDir: string;
	readonly again: boolean;
	readonly signal: AbortSignal;
}

/**
 * Why this computer must not be claimed, with what to do; null where it may. A host that was claimed stays its owner's:
 * only where accounts itself says that the owner revoked it, a claim may take its place.
 * @throws what the signal's abort made of the question
 */
export async function refuseSecondClaim({ stateDir, again, signal }: SecondClaim): Promise<string | null> {
	const found = await readHostIdentity(stateDir);
	const file = hostIdentityFile(stateDir);
	if (!found.ok) {
		return found.isMissing ? null : found.message;
	}
	const { identity } = found;
	if (!again) {
		return `This computer is claimed already, as "${identity.name}" (${file}). To give it to somebody else, its owner hands it over at ${identity.issuer}/hosts, or revokes it there; after that claim it with --again.`;
	}
	try {
		const answer = await askAccounts(identity.issuer, {
			method: "GET",
			path: passRevocationsPath,
			schema: passRevocationsSchema,
			headers: { authorization: `Bearer ${await signHostAssertion(identity)}` },
			signal,
		});
		if (!answer.ok && answer.code === "host_revoked") {
			return null;
		}
		return answer.ok
			? `"${identity.name}" still belongs to its owner. They revoke it at ${identity.issuer}/hosts; after that claim it with --again.`
			: `Accounts did not say that "${identity.name}" was revoked, but: ${answer.message} If accounts knows this host no more, move ${file} away.`;
	} catch (error) {
		if (error instanceof Error && !signal.aborted) {
			return `Whether "${identity.name}" was revoked cannot be asked: ${identity.issuer} cannot be reached. Try again once it can.`;
		}
		throw error;
	}
}
