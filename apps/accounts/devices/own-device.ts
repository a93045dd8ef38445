import type { DeviceIdentity } from "@opta/contracts/schema/device-sign-in";
import type { AccountsContext } from "../accounts-context.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { bearerToken, type LiveDevice, readDevice } from "./read-device.ts";

type Caller = { readonly ok: true; readonly device: LiveDevice } | { readonly ok: false; readonly response: Response };

async function callingDevice(context: AccountsContext, request: Request): Promise<Caller> {
	const refuse = (response: Response): Caller => ({ ok: false, response });
	const token = bearerToken(request.headers);
	if (request.headers.has("origin") || token === undefined) {
		return refuse(refusal("unauthenticated", "Send the device's access token as a bearer token."));
	}
	const verdict = await readDevice(context, token);
	switch (verdict.state) {
		case "live":
			return { ok: true, device: verdict.device };
		case "unavailable":
			return refuse(refusal("unavailable", accountServiceUnreachable));
		case "ended":
			return refuse(refusal("unauthenticated", "This device was signed out; sign it in again."));
		case "none":
			return refuse(refusal("session_expired", "The device's access token is over; refresh it and try again."));
	}
}

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
