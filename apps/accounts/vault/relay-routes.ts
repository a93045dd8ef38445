import { handleRelay } from "@opta/vault/relay/relay-handler";
import { openRelayStore } from "@opta/vault/relay/relay-store";
import type { AccountsContext } from "../accounts-context.ts";
import { identifyVaultCaller } from "./vault-caller.ts";

/** `/api/vault/relay` and `/api/vault/relay/<id>`: the key relay, for where edge functions do not run, and for browsers. */
export async function relay(context: AccountsContext, request: Request, pairingId: string | null = null): Promise<Response> {
	const identified = await identifyVaultCaller(context, request);
	if (!identified.ok) {
		return identified.response;
	}
	const { deviceId, accessToken, setCookies } = identified.caller;
	const store = openRelayStore((name, values) => context.portal.call(name, values, accessToken), deviceId);
	const response = await handleRelay(request, pairingId, { deviceId, store });
	for (const line of setCookies) {
		response.headers.append("set-cookie", line);
	}
	return response;
}
