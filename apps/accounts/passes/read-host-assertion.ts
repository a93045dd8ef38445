import { publicDeviceKeySchema } from "@opta/auth/device-credential/device-key";
import { hostAssertionAudience, hostAssertionLifetimeSeconds, hostAssertionType, hostAudience, passAlgorithm } from "@opta/contracts/pass";
import { hostAssertionClaimsSchema } from "@opta/contracts/schema/pass";
import { decodeJwt, errors, importJWK, jwtVerify } from "jose";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";

const clockToleranceSeconds = 5;
const hostIssuerSchema = z
	.string()
	.startsWith(hostAudience(""))
	.transform((issuer) => issuer.slice(hostAudience("").length))
	.pipe(z.uuid());

/** The host behind an assertion. `assertionId` is to be taken once only. */
export type HostVerdict =
	| { readonly state: "host"; readonly hostId: string; readonly assertionId: string }
	| { readonly state: "none" }
	| { readonly state: "unavailable" };

function namedHost(token: string): string | null {
	try {
		return hostIssuerSchema.safeParse(decodeJwt(token).iss).data ?? null;
	} catch {
		return null;
	}
}

/** Checks that a host's own key, as the database knows it, has signed the assertion for accounts just now. */
export async function readHostAssertion(context: Pick<AccountsContext, "portal">, token: string): Promise<HostVerdict> {
	const hostId = namedHost(token);
	if (hostId === null) {
		return { state: "none" };
	}
	const answer = await context.portal.call("read_host_key", { of_host: hostId });
	if (answer.state !== "ok") {
		return { state: "unavailable" };
	}
	const key = publicDeviceKeySchema.safeParse(answer.data);
	if (!key.success) {
		return { state: "none" };
	}
	try {
		const { payload } = await jwtVerify(token, await importJWK(key.data, passAlgorithm), {
			algorithms: [passAlgorithm],
			typ: hostAssertionType,
			audience: hostAssertionAudience,
			issuer: hostAudience(hostId),
			clockTolerance: clockToleranceSeconds,
			maxTokenAge: hostAssertionLifetimeSeconds,
		});
		const claims = hostAssertionClaimsSchema.safeParse(payload).data;
		const isShort = claims !== undefined && claims.exp - claims.iat <= hostAssertionLifetimeSeconds;
		return isShort ? { state: "host", hostId, assertionId: claims.jti } : { state: "none" };
	} catch (error) {
		if (error instanceof errors.JOSEError) {
			return { state: "none" };
		}
		throw error;
	}
}
