import { siteHostname, siteOrigin } from "@opta/contracts/site-url";
import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from "@simplewebauthn/server";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { readPageCall } from "./page-call.ts";
import { passkeyNotVerified, passkeyResponseSchema, takePasskeyChallenge } from "./passkey-response.ts";
import { readPasskeys, transportsOf } from "./read-passkeys.ts";

/** `POST /api/second-factor/passkey/prove`: `{response}` of `navigator.credentials.get` (WebAuthn level 3 §7.2). */
export async function verifyPasskey(context: AccountsContext, request: Request): Promise<Response> {
	const call = await readPageCall(context, request, z.strictObject({ response: passkeyResponseSchema }));
	if (!call.ok) {
		return call.response;
	}
	const { session } = call;
	const attempt = await guardAttempt(context, "secondFactor", session.user.id, request.headers);
	if (!attempt.ok) {
		return attempt.error === "unavailable"
			? refusal("unavailable", accountServiceUnreachable)
			: refusal("rate_limited", `Too many attempts. Try again in ${attempt.wait} s.`);
	}
	const [expectedChallenge, passkeys] = await Promise.all([
		takePasskeyChallenge(context, session.accessToken),
		readPasskeys(context, session),
	]);
	const passkey = passkeys?.find(({ id }) => id === call.body.response.id);
	if (expectedChallenge === null || passkey === undefined) {
		return passkeyNotVerified();
	}
	try {
		const { addressing } = context.configuration;
		const verified = await verifyAuthenticationResponse({
			response: call.body.response as unknown as AuthenticationResponseJSON,
			expectedChallenge,
			expectedOrigin: siteOrigin(addressing, "accounts"),
			expectedRPID: siteHostname(addressing, "accounts"),
			credential: {
				id: passkey.id,
				publicKey: new Uint8Array(Buffer.from(passkey.public_key, "base64url")),
				counter: passkey.counter,
				transports: transportsOf(passkey),
			},
			requireUserVerification: false,
		});
		const used = verified.verified
			? await context.portal.call(
					"use_passkey",
					{ id: passkey.id, new_counter: verified.authenticationInfo.newCounter },
					session.accessToken,
				)
			: null;
		if (used?.state !== "ok" || used.data !== true) {
			return passkeyNotVerified();
		}
		await attempt.giveBack();
		return privateJson({ proved: true });
	} catch {
		return passkeyNotVerified();
	}
}
