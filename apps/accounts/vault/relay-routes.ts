import { handleRelay, type RelayAnswer, type RelayStore } from "@opta/vault/relay/relay-handler";
import type { AccountsContext } from "../accounts-context.ts";
import type { Portal } from "../portal/portal.ts";
import { identifyVaultCaller, type VaultCaller } from "./vault-caller.ts";

function openStore(portal: Portal, { accessToken, deviceId }: VaultCaller): RelayStore {
	const call = async (name: string, values: Readonly<Record<string, unknown>>): Promise<RelayAnswer> => {
		const answer = await portal.call(name, { of_device: deviceId, ...values }, accessToken);
		if (answer.state !== "ok") {
			return { state: answer.state };
		}
		const { state } = { state: null, ...(answer.data as { state?: unknown }) };
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

/** `/api/vault/relay` and `/api/vault/relay/<id>`: the key relay, for where edge functions do not run, and for browsers. */
export async function relay(context: AccountsContext, request: Request, pairingId: string | null = null): Promise<Response> {
	const identified = await identifyVaultCaller(context, request);
	if (!identified.ok) {
		return identified.response;
	}
	const { caller } = identified;
	const response = await handleRelay(request, pairingId, { deviceId: caller.deviceId, store: openStore(context.portal, caller) });
	for (const line of caller.setCookies) {
		response.headers.append("set-cookie", line);
	}
	return response;
}
