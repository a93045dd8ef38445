import { passLifetimeSeconds, passType } from "@opta/contracts/pass";
import { type PassClaims, passClaimsSchema } from "@opta/contracts/schema/pass";
import { type ClaimsResult, createClaimsVerifier, type PassVerifierOptions } from "./verify-claims.ts";

/** Checks the text of a pass. Never rejects. */
export type PassVerifier = (pass: string) => Promise<ClaimsResult<PassClaims>>;

/** Makes the verifier of passes of a host or device; what it checks is said at `createClaimsVerifier`. */
export function createPassVerifier(options: PassVerifierOptions): PassVerifier {
	return createClaimsVerifier({ typ: passType, lifetimeSeconds: passLifetimeSeconds, schema: passClaimsSchema }, options);
}
