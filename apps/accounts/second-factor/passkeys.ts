import { createDataClientFor } from "@opta/auth/data-client";
import { isFromOwnPage } from "@opta/auth/origin-check";
import type { SignedInSession } from "@opta/auth/session";
import { siteHostname, siteOrigin } from "@opta/contracts/site-url";
import {
	type AuthenticationResponseJSON,
	type AuthenticatorTransport,
	generateAuthenticationOptions,
	generateRegistrationOptions,
	type RegistrationResponseJSON,
	verifyAuthenticationResponse,
	verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { freshPerson } from "../devices/fresh-person.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { reauthenticate } from "../security/reauthenticate.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";

const rowSchema = z.object({
	id: z.string(),
	name: z.string(),
	public_key: z.string(),
	counter: z.coerce.number(),
	transports: z.array(z.string()),
	created_at: z.string(),
	last_used_at: z.string().nullable(),
});
const mostBytes = 32_768;

/** A passkey of a person. */
export type Passkey = z.infer<typeof rowSchema>;

/** Reads a person's passkeys, the oldest first; null while the back end is away. */
export async function readPasskeys(
	context: AccountsContext,
	{ accessToken }: Pick<SignedInSession, "accessToken">,
): Promise<readonly Passkey[] | null> {
	const { data, error } = await createDataClientFor(context.configuration, accessToken).from("passkeys").select("*").order("created_at");
	return error === null ? z.array(rowSchema).parse(data) : null;
}

type Call<T> =
	| { readonly ok: true; readonly session: SignedInSession; readonly body: T }
	| { readonly ok: false; readonly response: Response };

/** Reads a call of our own page by somebody whose session the back end confirms. */
async function readCall<T>(context: AccountsContext, request: Request, schema: z.ZodType<T>): Promise<Call<T>> {
	const refuse = (response: Response): Call<T> => ({ ok: false, response });
	if (!isFromOwnPage(request.headers, context.configuration.addressing, "accounts")) {
		return refuse(refusal("foreign_origin", "This call was not made by a page of accounts."));
	}
	if (!(Number(request.headers.get("content-length") ?? Number.NaN) <= mostBytes)) {
		return refuse(refusal("payload_too_large", `The body is larger than ${mostBytes} bytes.`));
	}
	const text = await request.text();
	const body = schema.safeParse(text === "" ? undefined : JSON.parse(text));
	if (!body.success) {
		return refuse(refusal("invalid_request", "The body is not what this address takes. Load the page again."));
	}
	const person = await freshPerson(context, request.headers.get("cookie"));
	if (person.state !== "signedIn") {
		return refuse(
			person.state === "unavailable"
				? refusal("unavailable", accountServiceUnreachable)
				: refusal("unauthenticated", "The session is over; sign in again."),
		);
	}
	return { ok: true, session: person.session, body: body.data };
}

function transportsOf({ transports }: Passkey): AuthenticatorTransport[] {
	return transports as AuthenticatorTransport[];
}

/** `POST /api/second-factor/passkey/options`: `{purpose}`: what the browser is to sign, to register a passkey or to prove one. */
export async function passkeyOptions(context: AccountsContext, request: Request): Promise<Response> {
	const call = await readCall(
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

async function takeChallenge(context: AccountsContext, accessToken: string): Promise<string | null> {
	const taken = await context.portal.call("take_passkey_challenge", {}, accessToken);
	return taken.state === "ok" && typeof taken.data === "string" ? taken.data : null;
}

const passkeyName = z
	.string()
	.trim()
	.min(1)
	.max(80)
	.regex(/^\P{Cc}*$/u);
const response = z.looseObject({ id: z.string(), rawId: z.string(), type: z.literal("public-key"), response: z.looseObject({}) });
const notVerified = () => refusal("forbidden", "The passkey could not be verified. Try again.");

/** `POST /api/second-factor/passkey/register`: `{name, response}` of `navigator.credentials.create` (WebAuthn level 3 §7.1). */
export async function registerPasskey(context: AccountsContext, request: Request): Promise<Response> {
	const call = await readCall(context, request, z.strictObject({ name: passkeyName, response }));
	if (!call.ok) {
		return call.response;
	}
	const { addressing } = context.configuration;
	const expectedChallenge = await takeChallenge(context, call.session.accessToken);
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
			return notVerified();
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
		return notVerified();
	}
}

/** `POST /api/second-factor/passkey/prove`: `{response}` of `navigator.credentials.get` (WebAuthn level 3 §7.2). */
export async function provePasskey(context: AccountsContext, request: Request): Promise<Response> {
	const call = await readCall(context, request, z.strictObject({ response }));
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
	const [expectedChallenge, passkeys] = await Promise.all([takeChallenge(context, session.accessToken), readPasskeys(context, session)]);
	const passkey = passkeys?.find(({ id }) => id === call.body.response.id);
	if (expectedChallenge === null || passkey === undefined) {
		return notVerified();
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
			return notVerified();
		}
		await attempt.giveBack();
		return privateJson({ proved: true });
	} catch {
		return notVerified();
	}
}
