import { publicDeviceKeySchema } from "@opta/auth/device-credential/device-key";
import { hostAssertionAudience, hostAssertionLifetimeSeconds, hostAssertionType, hostAudience, passAlgorithm } from "@opta/contracts/pass";
import { hostAssertionClaimsSchema } from "@opta/contracts/schema/pass";
import { decodeJwt, errors, importJWK, jwtVerify } from "jose";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { bearerToken } from "../devices/read-device.ts";
import { accountServiceUnreachable, refusal } from "../session/response.ts";

const clockToleranceSeconds = 5;
const hostIssuerSchema = z
	.string()
	.startsWith(hostAudience(""))
	.transform((issuer) => issuer.slice(hostAudience("").length))
	.pipe(z.uuid());

const hostStatesSchema = z.array(z.object({ public_key: z.unknown(), is_revoked: z.boolean() }));

/** The host behind an assertion. `assertionId` is to be taken once only. */
type HostVerdict =
	| { readonly state: "host"; readonly hostId: string; readonly assertionId: string }
	| { readonly state: "none" | "revoked" | "unavailable" };

function namedHost(token: string): string | null {
	try {
		return hostIssuerSchema.safeParse(decodeJwt(token).iss).data ?? null;
	} catch {
		return null;
	}
}

/** Checks that a host's own key, as the database knows it, has signed the assertion for accounts just now. */
async function readAssertion(context: Pick<AccountsContext, "portal">, token: string): Promise<HostVerdict> {
	const hostId = namedHost(token);
	if (hostId === null) {
		return { state: "none" };
	}
	const answer = await context.portal.call("read_host_state", { of_host: hostId });
	if (answer.state !== "ok") {
		return { state: "unavailable" };
	}
	const [host] = hostStatesSchema.parse(answer.data);
	const key = publicDeviceKeySchema.safeParse(host?.public_key);
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
		if (!isShort) {
			return { state: "none" };
		}
		return host?.is_revoked === true ? { state: "revoked" } : { state: "host", hostId, assertionId: claims.jti };
	} catch (error) {
		if (error instanceof errors.JOSEError) {
			return { state: "none" };
		}
		throw error;
	}
}

/** The host that calls, or the answer that refuses it. */
export type CallingHost =
	| { readonly ok: true; readonly hostId: string; readonly assertionId: string }
	| { readonly ok: false; readonly response: Response };

/** What a host is told whose assertion is none, or was taken already. */
export function unknownHost(): Response {
	return refusal(
		"unauthenticated",
		"Send a new assertion, signed with the key of a host that accounts knows; check the clock of the host.",
	);
}

/** What a host is told that its owner revoked. */
export function revokedHost(): Response {
	return refusal("host_revoked", "The owner of this host revoked it. Claim it anew on the host: opta host claim --again");
}

/** Reads which host calls a route for hosts, by its assertion as bearer token. Pages have no business there. */
export async function callingHost(context: Pick<AccountsContext, "portal">, request: Request): Promise<CallingHost> {
	if (request.headers.has("origin")) {
		return { ok: false, response: refusal("foreign_origin", "This address is for hosts, not for pages.") };
	}
	const token = bearerToken(request.headers);
	const verdict: HostVerdict = token === undefined ? { state: "none" } : await readAssertion(context, token);
	switch (verdict.state) {
		case "host":
			return { ok: true, hostId: verdict.hostId, assertionId: verdict.assertionId };
		case "none":
			return { ok: false, response: unknownHost() };
		case "revoked":
			return { ok: false, response: revokedHost() };
		case "unavailable":
			return { ok: false, response: refusal("unavailable", accountServiceUnreachable) };
	}
}
