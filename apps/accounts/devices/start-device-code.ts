import { randomBytes } from "node:crypto";
import { readKeyProof } from "@opta/auth/device-credential/key-proof";
import { type DeviceCodeResponse, deviceCodeRequestSchema } from "@opta/contracts/schema/device-sign-in";
import { siteUrl } from "@opta/contracts/site-url";
import type { AccountsContext } from "../accounts-context.ts";
import { clientNetwork } from "../limits/client-address.ts";
import { takeAttempt } from "../limits/take-attempt.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { hashOf } from "./issue-device-token.ts";
import { readProgramBody, routeUrl, tooMany } from "./program-request.ts";
import { createUserCode, showUserCode } from "./user-code.ts";

/** Path of the route; the key's proof names it. */
export const deviceCodePath = "/api/device/code";

const lifeMs = 600_000;
const intervalMs = 5000;

/** `POST /api/device/code` (RFC 8628 §3.1): a code that the person types at `/device`, and one that the device polls with. */
export async function startDeviceCode(context: AccountsContext, request: Request): Promise<Response> {
	const body = await readProgramBody(request, deviceCodeRequestSchema);
	if (!body.ok) {
		return body.response;
	}
	const { addressing } = context.configuration;
	const keyThumbprint = await readKeyProof(request.headers.get("dpop"), {
		method: "POST",
		url: routeUrl(addressing, deviceCodePath),
		secret: "",
	});
	if (keyThumbprint === null) {
		return refusal(
			"unauthenticated",
			"The proof of the device's key is missing or not valid. Check the clock of this device, then try again.",
		);
	}
	const place = clientNetwork(request.headers, context.clientAddressHeader);
	const attempt = await takeAttempt(context.portal, "deviceCode", null, place);
	if (attempt.state === "wait") {
		return tooMany(attempt.waitSeconds);
	}
	const deviceCode = randomBytes(32).toString("base64url");
	const userCode = createUserCode();
	const started = await context.portal.call("start_device_request", {
		device_code_hash: hashOf(deviceCode),
		user_code_hash: hashOf(userCode),
		key_thumbprint: keyThumbprint,
		device_name: body.value.name,
		device_kind: body.value.kind,
		place,
		client: request.headers.get("user-agent")?.slice(0, 120) ?? null,
	});
	if (attempt.state === "unavailable" || started.state !== "ok") {
		return refusal("unavailable", accountServiceUnreachable);
	}
	const shown = showUserCode(userCode);
	const answer: DeviceCodeResponse = {
		deviceCode,
		userCode: shown,
		verificationUrl: siteUrl(addressing, "accounts", "/device"),
		verificationUrlComplete: siteUrl(addressing, "accounts", `/device?code=${shown}`),
		expiresInMs: lifeMs,
		intervalMs,
	};
	return privateJson(answer);
}
