import { z } from "zod";
import type { RelayAnswer, RelayStore } from "./relay-handler.ts";

/** Calls a database function with the portal's key. `refused`: the session or the device was ended. */
export type CallDatabase = (
	name: string,
	values: Readonly<Record<string, unknown>>,
) => Promise<{ readonly state: "ok"; readonly data: unknown } | { readonly state: "refused" | "unavailable" }>;

const outcomeSchema = z.object({ state: z.enum(["ok", "conflict", "full"]).optional() });

/**
 * The pairings in the database, for one caller.
 * @param deviceId the device that asks; null for its owner's browser, whose session the call carries
 */
export function openRelayStore(callDatabase: CallDatabase, deviceId: string | null): RelayStore {
	const call = async (name: string, values: Readonly<Record<string, unknown>>): Promise<RelayAnswer> => {
		const answer = await callDatabase(name, { of_device: deviceId, ...values });
		if (answer.state !== "ok") {
			return { state: answer.state };
		}
		const { state } = outcomeSchema.parse(answer.data);
		if (state === "conflict") {
			return { state: "gone" };
		}
		return state === "full" ? { state: "full" } : { state: "ok", data: answer.data };
	};
	return {
		open: ({ pairingId, deviceName, commitment }) =>
			call("vault_pairing_open", { pairing_id: pairingId, device_name: deviceName, commitment }),
		read: () => call("vault_pairings_read", {}),
		step: (pairingId, step) => {
			const given = step.step === "seal" ? { sealed: step.sealed } : { half: { publicKey: step.publicKey, nonce: step.nonce } };
			return call("vault_pairing_step", { pairing_id: pairingId, step: step.step, ...given });
		},
		end: (pairingId) => call("vault_pairing_end", { pairing_id: pairingId }),
	};
}
