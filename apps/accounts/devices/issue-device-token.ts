import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readKeyProof } from "@opta/auth/device-credential/key-proof";
import type { ErrorCode } from "@opta/contracts/error-codes";
import { type DeviceTokenRequest, type DeviceTokenResponse, deviceTokenRequestSchema } from "@opta/contracts/schema/device-sign-in";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { clientNetwork } from "../limits/client-address.ts";
import { takeAttempt } from "../limits/take-attempt.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { readProgramBody, routeUrl, tooMany } from "./program-request.ts";

/** Path of the route; the key's proof names it. */
export const deviceTokenPath = "/api/device/token";

const rotationSchema = z.array(z.object({ state: z.string(), device_id: z.uuid().nullable(), user_id: z.uuid().nullable() }));

/** Random texts of 256 bits; the database knows their SHA-256 only. */
function newSecret(): string {
	return randomBytes(32).toString("base64url");
}

/** What the database keeps of a code or token. */
export function hashOf(secret: string): string {
	return createHash("sha256").update(secret).digest("hex");
}

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

const refused: Readonly<Record<string, readonly [ErrorCode, string]>> = {
	authorization_pending: ["authorization_pending", "Nobody has approved this device yet; ask again after the interval."],
	slow_down: ["slow_down", "You ask too often; add five seconds to the interval."],
	access_denied: ["access_denied", "The sign-in of this device was refused. Start again if that was a mistake."],
	expired_token: ["expired_code", "The code is too old; start again."],
	expired: ["expired_code", "The code is too old; start again."],
};

const badGrant = ["invalid_grant", "The code or token is not valid any more; sign in again."] as const;

interface Granted {
	readonly deviceId: string;
	readonly userId: string;
}

type Grant = Granted | { readonly refused: readonly [ErrorCode, string] };

async function grant(
	context: AccountsContext,
	request: DeviceTokenRequest,
	keyThumbprint: string,
	tokenHash: string,
	seen: { place: string | null; client: string | null },
): Promise<Grant> {
	const { portal } = context;
	const unavailable: Grant = { refused: ["unavailable", accountServiceUnreachable] };
	if (request.grantType === "refresh") {
		const answer = await portal.call("rotate_device_token", {
			old_hash: hashOf(request.refreshToken),
			new_hash: tokenHash,
			key_thumbprint: keyThumbprint,
			...seen,
		});
		if (answer.state !== "ok") {
			return unavailable;
		}
		const [row] = rotationSchema.parse(answer.data);
		return row?.state === "rotated" && row.device_id !== null && row.user_id !== null
			? { deviceId: row.device_id, userId: row.user_id }
			: { refused: badGrant };
	}
	const deviceId = randomUUID();
	const made = { key_thumbprint: keyThumbprint, new_device: deviceId, token_hash: tokenHash, ...seen };
	const answer =
		request.grantType === "code"
			? await portal.call("redeem_device_sign_in", {
					...made,
					code_hash: hashOf(request.code),
					challenge: createHash("sha256").update(request.codeVerifier).digest("base64url"),
				})
			: await portal.call("poll_device_request", { ...made, device_code_hash: hashOf(request.deviceCode) });
	if (answer.state !== "ok" || typeof answer.data !== "string") {
		return unavailable;
	}
	if (answer.data !== "redeemed" && answer.data !== "approved") {
		return { refused: refused[answer.data] ?? badGrant };
	}
	const owner = await portal.call("read_device", { of_device: deviceId });
	const [row] = owner.state === "ok" ? z.array(z.object({ user_id: z.uuid() })).parse(owner.data) : [];
	return row === undefined ? unavailable : { deviceId, userId: row.user_id };
}

/**
 * `POST /api/device/token`: a code of the approve page, a device code, or a refresh token for an access token and the next
 * refresh token. Every request is signed with the device's key (DPoP), so that neither code nor token is worth anything alone.
 */
export async function issueDeviceToken(context: AccountsContext, request: Request): Promise<Response> {
	const body = await readProgramBody(request, deviceTokenRequestSchema);
	if (!body.ok) {
		return body.response;
	}
	const secret = secretOf(body.value);
	const url = routeUrl(context.configuration.addressing, deviceTokenPath);
	const keyThumbprint = await readKeyProof(request.headers.get("dpop"), { method: "POST", url, secret });
	if (keyThumbprint === null) {
		return refusal(
			"unauthenticated",
			"The proof of the device's key is missing or not valid. Check the clock of this device, then sign in again.",
		);
	}
	const place = clientNetwork(request.headers, context.clientAddressHeader);
	const attempt = await takeAttempt(context.portal, "deviceToken", keyThumbprint, place);
	if (attempt.state === "wait") {
		return tooMany(attempt.waitSeconds);
	}
	if (attempt.state === "unavailable") {
		return refusal("unavailable", accountServiceUnreachable);
	}
	const refreshToken = newSecret();
	const client = request.headers.get("user-agent")?.slice(0, 120) ?? null;
	const granted = await grant(context, body.value, keyThumbprint, hashOf(refreshToken), { place, client });
	if ("refused" in granted) {
		return refusal(...granted.refused);
	}
	const token = await context.deviceTokens.sign({ ...granted, keyThumbprint });
	const answer: DeviceTokenResponse = { ...token, refreshToken, deviceId: granted.deviceId, userId: granted.userId };
	return privateJson(answer);
}
