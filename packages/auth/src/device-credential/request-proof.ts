import { deviceAudience } from "@opta/contracts/pass";
import type { DeviceKey } from "./device-key.ts";
import { type CheckedProof, checkKeyProof, digestOf, type ProofSubject, proveKey } from "./key-proof.ts";

/** A request of a person to one of their devices, as the device gets it. */
export interface DeviceRequest {
	readonly deviceId: string;
	readonly method: string;
	/** Path with query, as the daemon gets it: `/v3/…`. */
	readonly target: string;
	/** The person's pass for the device, which names the key (`cnf`). */
	readonly pass: string;
}

function subjectOf({ deviceId, method, target, pass }: DeviceRequest): ProofSubject {
	return { method, url: `${deviceAudience(deviceId)}${target}`, secret: pass };
}

/**
 * Proves to a device that exactly this request comes from the holder of the pass. Whoever relays it can neither change it
 * nor ask anything else with the pass.
 */
export function proveRequest(key: DeviceKey, request: DeviceRequest, body: Uint8Array): Promise<string> {
	return proveKey(key, subjectOf(request), digestOf(body));
}

/** Checks such a proof; the digest in the answer is for whoever reads the body. Null for a wrong one. */
export async function checkRequestProof(
	proof: string | null,
	request: DeviceRequest,
): Promise<(CheckedProof & { readonly bodyDigest: string }) | null> {
	const checked = await checkKeyProof(proof, subjectOf(request));
	return checked === null || checked.bodyDigest === null ? null : { ...checked, bodyDigest: checked.bodyDigest };
}
