import { type DeviceTokenRequest, type DeviceTokenResponse, deviceTokenResponseSchema } from "@opta/contracts/schema/device-sign-in";
import { type SiteAddressing, siteOrigin } from "@opta/contracts/site-url";
import type { AccountsAnswer } from "../accounts-client/ask-accounts.ts";
import type { DeviceKey } from "../device-credential/device-key.ts";
import { type AccountsCall, callAccounts } from "./accounts-request.ts";
import type { DeviceCredential } from "./credential.ts";

function secretOf(request: DeviceTokenRequest): string {
	switch (request.grantType) {
		case "code":
			return request.code;
		case "deviceCode":
			return request.deviceCode;
		case "refresh":
			return request.refreshToken;
	}
}

/** Asks accounts for tokens, with the proof of the device's key that every grant needs. */
export function requestToken(
	addressing: SiteAddressing,
	key: DeviceKey,
	grant: DeviceTokenRequest,
	how: Pick<AccountsCall<unknown>, "signal" | "dispatcher"> = {},
): Promise<AccountsAnswer<DeviceTokenResponse>> {
	return callAccounts(addressing, {
		method: "POST",
		path: "/api/device/token",
		schema: deviceTokenResponseSchema,
		body: grant,
		proof: { key, secret: secretOf(grant) },
		...how,
	});
}

/** What the device keeps of an answer. */
export function credentialOf(
	addressing: SiteAddressing,
	key: DeviceKey,
	{ deviceId, userId, refreshToken }: DeviceTokenResponse,
): DeviceCredential {
	return { issuer: siteOrigin(addressing, "accounts"), deviceId, userId, key, refreshToken };
}
