import { digestOf } from "@opta/auth/device-credential/key-proof";
import { checkRequestProof, type DeviceRequest } from "@opta/auth/device-credential/request-proof";
import { deviceAudience } from "@opta/contracts/pass";
import type { PassClaims } from "@opta/contracts/schema/pass";
import { createUsedTickets, type UsedTickets } from "./used-tickets.ts";
import type { PassVerifierOptions } from "./verify-claims.ts";
import { createPassVerifier } from "./verify-pass.ts";

/** A request as the device got it, with what it shows. */
export interface ShownRequest extends Omit<DeviceRequest, "deviceId"> {
	readonly proof: string | null;
}

/** What was checked. `reason` is for the own log, never for who sent it. */
export type DeviceRequestResult =
	| {
			readonly ok: true;
			readonly claims: PassClaims;
			/** True for the body that was proved. */
			readonly isProvenBody: (body: Uint8Array) => boolean;
	  }
	| { readonly ok: false; readonly reason: string };

/** What a device trusts. */
export interface DeviceRequestOptions extends Omit<PassVerifierOptions, "audience"> {
	readonly deviceId: string;
}

/**
 * Makes a device's check of requests that came over a host: the pass names a key, and the holder of that key proved exactly
 * this request, which did not come before. Proofs that were used are remembered until they are over, in memory; one from
 * before that memory began may have been used already and is refused. The check never rejects.
 */
export function createDeviceRequestVerifier(
	{ deviceId, ...options }: DeviceRequestOptions,
	used: UsedTickets = createUsedTickets(),
): (request: ShownRequest) => Promise<DeviceRequestResult> {
	const verifyPass = createPassVerifier({ ...options, audience: deviceAudience(deviceId) });
	return async ({ proof, ...request }) => {
		const result = await verifyPass(request.pass);
		if (!result.ok) {
			return result;
		}
		const { claims } = result;
		if (claims.cnf === undefined) {
			return { ok: false, reason: "claim cnf" };
		}
		const checked = await checkRequestProof(proof, { deviceId, ...request });
		if (checked === null || checked.thumbprint !== claims.cnf.jkt) {
			return { ok: false, reason: "no proof of this request by the key of the pass" };
		}
		const refusal = used.take({ jti: checked.jti, madeAtSeconds: checked.iat, expiresAtMs: checked.exp * 1000 });
		return refusal === null
			? { ok: true, claims, isProvenBody: (body) => digestOf(body) === checked.bodyDigest }
			: { ok: false, reason: `proof ${refusal}` };
	};
}
