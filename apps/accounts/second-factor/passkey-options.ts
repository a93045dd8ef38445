import { siteHostname } from "@opta/contracts/site-url";
import { generateAuthenticationOptions, generateRegistrationOptions } from "@simplewebauthn/server";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { reauthenticate } from "../security/reauthenticate.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { readPageCall } from "./page-call.ts";
import { readPasskeys, transportsOf } from "./read-passkeys.ts";

/** `POST /api/second-factor/passkey/options`: `{purpose}`: what the browser is to sign, to register a passkey or to prove one. */
export async function passkeyOptions(context: AccountsContext, request: Request): Promise<Response> {
	const call = await readPageCall(
		context,
		request,
		z.strictObject({ purpose: z.enum(["register", "prove"]), password: z.string().max(200).optional() }),
	);
	if (!call.ok) {
		return call.response;
	}
	const { session, body } = call;
	if (body.purpose === "register") {
		const person = await reauthenticate(context, request, request.headers.get("cookie"), body.password ?? "");
		if (!person.ok) {
			return refusal(
				"forbidden",
				person.error === "second_factor" ? "Prove your second factor first." : "Type your password above, then try again.",
			);
		}
	}
	const passkeys = await readPasskeys(context, session);
	if (passkeys === null) {
		return refusal("unavailable", accountServiceUnreachable);
	}
	const { addressing } = context.configuration;
	const rpID = siteHostname(addressing, "accounts");
	const options =
		body.purpose === "register"
			? await generateRegistrationOptions({
					rpID,
					rpName: "Opta Local",
					userID: new TextEncoder().encode(session.user.id),
					userName: session.user.email,
					attestationType: "none",
					excludeCredentials: passkeys.map((passkey) => ({ id: passkey.id, transports: transportsOf(passkey) })),
					authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
				})
			: await generateAuthenticationOptions({
					rpID,
					allowCredentials: passkeys.map((passkey) => ({ id: passkey.id, transports: transportsOf(passkey) })),
					userVerification: "preferred",
				});
	const put = await context.portal.call("put_passkey_challenge", { challenge: options.challenge }, session.accessToken);
	return put.state === "ok" ? privateJson(options) : refusal("unavailable", accountServiceUnreachable);
}
