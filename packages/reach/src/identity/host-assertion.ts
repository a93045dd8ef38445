import { randomBytes } from "node:crypto";
import { hostAssertionAudience, hostAssertionLifetimeSeconds, hostAssertionType, hostAudience, passAlgorithm } from "@opta/contracts/pass";
import type { HostIdentity } from "@opta/contracts/schema/host";
import { importJWK, SignJWT } from "jose";

/** Signs what shows accounts that this host asks (RFC 7523 §3): its own key, one use, a minute. */
export async function signHostAssertion({ hostId, key }: Pick<HostIdentity, "hostId" | "key">): Promise<string> {
	const issuedAt = Math.floor(Date.now() / 1000);
	return new SignJWT()
		.setProtectedHeader({ alg: passAlgorithm, typ: hostAssertionType })
		.setIssuer(hostAudience(hostId))
		.setAudience(hostAssertionAudience)
		.setJti(randomBytes(18).toString("base64url"))
		.setIssuedAt(issuedAt)
		.setExpirationTime(issuedAt + hostAssertionLifetimeSeconds)
		.sign(await importJWK(key, passAlgorithm));
}
