import type { DeviceIdentity } from "@opta/contracts/schema/device-sign-in";
import type { AccountsContext } from "../accounts-context.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { callingDevice } from "./calling-device.ts";

/** `GET /api/device`: whose device this is. */
export async function showOwnDevice(context: AccountsContext, request: Request): Promise<Response> {
	const caller = await callingDevice(context, request);
	if (!caller.ok) {
		return caller.response;
	}
	const { deviceId, deviceName, user } = caller.device;
	const answer: DeviceIdentity = { user, device: { id: deviceId, name: deviceName } };
	return privateJson(answer);
}

/** `DELETE /api/device`: the device signs itself out. */
export async function endOwnDevice(context: AccountsContext, request: Request): Promise<Response> {
	const caller = await callingDevice(context, request);
	if (!caller.ok) {
		return caller.response;
	}
	const ended = await context.portal.call("end_own_device", { of_device: caller.device.deviceId });
	return ended.state === "ok" ? privateJson({ signedOut: true }) : refusal("unavailable", accountServiceUnreachable);
}
