import { type DeviceCodeResponse, deviceCodeRequestSchema } from "@opta/contracts/schema/device-sign-in";
import type { AccountsContext } from "../accounts-context.ts";
import { privateJson } from "../session/response.ts";
import { readProgramBody } from "./program-request.ts";
import { startUserCode } from "./start-user-code.ts";

/** Path of the route; the key's proof names it. */
export const deviceCodePath = "/api/device/code";

/** `POST /api/device/code` (RFC 8628 §3.1): a code that the person types at `/device`, and one that the device polls with. */
export async function startDeviceCode(context: AccountsContext, request: Request): Promise<Response> {
	const body = await readProgramBody(request, deviceCodeRequestSchema);
	if (!body.ok) {
		return body.response;
	}
	const { name, kind } = body.value;
	const asked = { path: deviceCodePath, page: "/device", attempt: "deviceCode", keyThumbprint: null } as const;
	const started = await startUserCode(context, request, asked, ({ pollCodeHash, userCodeHash, keyThumbprint, place, client }) =>
		context.portal.call("start_device_request", {
			device_code_hash: pollCodeHash,
			user_code_hash: userCodeHash,
			key_thumbprint: keyThumbprint,
			device_name: name,
			device_kind: kind,
			place,
			client,
		}),
	);
	if (!started.ok) {
		return started.response;
	}
	const answer: DeviceCodeResponse = { deviceCode: started.pollCode, ...started.shown };
	return privateJson(answer);
}
