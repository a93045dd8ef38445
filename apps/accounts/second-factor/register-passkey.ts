import { siteHostname, siteOrigin } from "@opta/contracts/site-url";
import { type RegistrationResponseJSON, verifyRegistrationResponse } from "@simplewebauthn/server";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { readPageCall } from "./page-call.ts";
import { passkeyNotVerified, passkeyResponseSchema, takePasskeyChallenge } from "./passkey-response.ts";

const passkeyName = z
	.string()
	.trim()
	.min(1)
	.max(80)
	.regex(/^\P{Cc}*$/u);

/** `POST /api/second-factor/passkey/register`: `{name, response}` of `navigator.credentials.create` (WebAuthn level 3 §7.1). */
export async function registerPasskey(context: AccountsContext, request: Request): Promise<Response> {
	const call = await readPageCall(context, request, z.strictObject({ name: passkeyName, response: passkeyResponseSchema }));
	if (!call.ok) {
		return call.response;
	}
	const { addressing } = context.configuration;
	const expectedChallenge = await takePasskeyChallenge(context, call.session.accessToken);
	if (expectedChallenge === null) {
		return refusal("expired_code", "This took too long. Try again.");
	}
	try {
		const verified = await verifyRegistrationResponse({
			response: call.body.response as unknown as RegistrationResponseJSON,
			expectedChallenge,
			expectedOrigin: siteOrigin(addressing, "accounts"),
			expectedRPID: siteHostname(addressing, "accounts"),
			requireUserVerification: false,
		});
		if (!verified.verified) {
			return passkeyNotVerified();
		}
		const { id, publicKey, counter, transports } = verified.registrationInfo.credential;
		const added = await context.portal.call(
			"add_passkey",
			{ id, name: call.body.name, public_key: Buffer.from(publicKey).toString("base64url"), counter, transports: transports ?? [] },
			call.session.accessToken,
		);
		if (added.state !== "ok") {
			return refusal("unavailable", accountServiceUnreachable);
		}
		return added.data === true
			? privateJson({ registered: true })
			: refusal("conflict", "This passkey is known already, or there are ten. Remove one first.");
	} catch {
		return passkeyNotVerified();
	}
}
