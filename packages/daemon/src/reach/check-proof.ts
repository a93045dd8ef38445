import { callAccounts } from "@opta/auth/cli-login/accounts-request";
import { deviceAudience, passKeysPath } from "@opta/contracts/pass";
import { passKeySchema, passKeysResponseSchema } from "@opta/contracts/schema/pass";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { createPinnedKeys } from "@opta/reach/pass/pinned-keys";
import { createRevokedPasses } from "@opta/reach/pass/revoked-passes";
import { createDeviceRequestVerifier } from "@opta/reach/pass/verify-device-request";
import { createTicketVerifier } from "@opta/reach/pass/verify-ticket";
import type { Logger } from "pino";
import type { Dispatcher } from "undici";
import { z } from "zod";
import type { RemoteAccess, RemoteProof } from "../server/access/remote-access.ts";
import type { ReachPins } from "./reach-pins.ts";
import type { ReachTarget } from "./reach-target.ts";

/** What checking passes needs. */
export interface ProofParts {
	readonly target: ReachTarget;
	readonly addressing: SiteAddressing;
	readonly pins: Pick<ReachPins, "readAccounts" | "writeAccounts">;
	readonly dispatcher: Dispatcher;
	readonly logger: Logger;
}

const jwksSchema = z.object({ keys: z.array(passKeySchema).min(1).max(8) });

/**
 * Opens the check of passes for this device: by keys that were pinned when this sign-in first joined a host, followed by
 * statements since (a host cannot bring keys). A pass must be for this device and of the person who is signed in here.
 * @throws {SignInError} where no keys are pinned yet and accounts cannot be reached.
 */
export async function openProofCheck({ target, addressing, pins, dispatcher, logger }: ProofParts): Promise<RemoteAccess["admit"]> {
	const { accountsOrigin: issuer, deviceId, userId } = target;
	const pin = { issuer, deviceId };
	let pinned = await pins.readAccounts(pin);
	if (pinned === null) {
		const answer = await callAccounts(addressing, { method: "GET", path: "/.well-known/jwks.json", schema: jwksSchema, dispatcher });
		if (!answer.ok) {
			throw new Error(`Accounts did not tell its keys: ${answer.message}`);
		}
		pinned = answer.value.keys;
		await pins.writeAccounts(pin, pinned);
	}
	const keys = createPinnedKeys({
		issuer,
		pinned,
		fetchStatements: async () => {
			const answer = await callAccounts(addressing, { method: "GET", path: passKeysPath, schema: passKeysResponseSchema, dispatcher });
			if (!answer.ok) {
				throw new Error(answer.message);
			}
			return answer.value.statements;
		},
		store: (learned) => pins.writeAccounts(pin, learned),
		report: (facts, words) => logger.warn(facts, words),
	});
	// Accounts tells hosts alone what it revoked; here a pass lives its minute, and streams their ten.
	const options = { issuer, keys, revoked: createRevokedPasses() };
	const verifyRequest = createDeviceRequestVerifier({ ...options, deviceId });
	const verifyTicket = createTicketVerifier({ ...options, audience: deviceAudience(deviceId) });
	const check = (proof: RemoteProof) => (proof.kind === "socket" ? verifyTicket(proof.ticket, proof) : verifyRequest(proof));
	return async (proof) => {
		const result = await check(proof);
		const reason = !result.ok ? result.reason : result.claims.sub === userId ? null : "of another person";
		if (!result.ok || reason !== null) {
			logger.warn({ reason }, "a pass was refused");
			return null;
		}
		return { isProvenBody: "isProvenBody" in result ? result.isProvenBody : null };
	};
}
