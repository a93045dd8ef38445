import type { AccountsContext } from "../accounts-context.ts";
import { accountServiceUnreachable, refusal } from "../session/response.ts";
import { bearerToken, type LiveDevice, readDevice } from "./read-device.ts";

/** The device that calls, or the answer that refuses it. */
export type CallingDevice = { readonly ok: true; readonly device: LiveDevice } | { readonly ok: false; readonly response: Response };

/** Reads whose device calls a route for devices. Pages have no business there. */
export async function callingDevice(context: AccountsContext, request: Request): Promise<CallingDevice> {
	const refuse = (response: Response): CallingDevice => ({ ok: false, response });
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
