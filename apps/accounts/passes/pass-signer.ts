import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { EnvironmentError } from "@opta/auth/environment-error";
import {
	passAlgorithm,
	passKeysLifetimeSeconds,
	passKeysType,
	passLifetimeSeconds,
	passType,
	ticketLifetimeSeconds,
	ticketType,
} from "@opta/contracts/pass";
import type { HostRole } from "@opta/contracts/roles";
import type { PassKey, PassResponse, TicketUse } from "@opta/contracts/schema/pass";
import { type SiteAddressing, siteOrigin } from "@opta/contracts/site-url";
import { SignJWT } from "jose";
import { z } from "zod";

const privateJwkSchema = z.object({
	kty: z.literal("EC"),
	crv: z.literal("P-256"),
	x: z.string(),
	y: z.string(),
	d: z.string(),
	kid: z.string().min(1),
});

/** The private key of passes, a P-256 JWK with a `kid` (RFC 7517). */
export type PassSigningKey = z.infer<typeof privateJwkSchema>;

/** The keys of passes: the first signs, the others (the next one, or the last) are published only. */
export type PassSigningKeys = readonly [PassSigningKey, ...PassSigningKey[]];

const keySetSchema = z.strictObject({ keys: z.tuple([privateJwkSchema], privateJwkSchema) });

/** `OPTA_PASS_SIGNING_KEY` holds at most so many keys. */
const mostKeys = 4;

/** What a pass says. */
export interface PassContent {
	readonly userId: string;
	/** `hostAudience` or `deviceAudience`. */
	readonly audience: string;
	readonly role: HostRole;
	/** The device that asks, where one does. */
	readonly deviceId?: string;
	/** Thumbprint of the key that whoever uses it proves to have. */
	readonly keyThumbprint?: string;
	/** Makes a ticket of it, which opens this once and lives shorter. */
	readonly ticket?: TicketUse;
}

/** Signs passes and tells the public keys that verify them. */
export interface PassSigner {
	sign(content: PassContent): Promise<PassResponse>;
	/** The public keys, stated by each of them, so that a host that pins any one learns the others (compact JWS). */
	stateKeys(): Promise<readonly string[]>;
	/** The key set of `/.well-known/jwks.json`: nothing private in it. */
	readonly jwks: { readonly keys: readonly Record<string, string>[] };
}

/** 128 bits and more are not guessed (ASVS 5.0, 11.5.1). */
const tokenIdBytes = 18;

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** OpenSSL takes the public half as given, so only a signature shows whether the halves belong together. */
function isWholeKey(jwk: PassSigningKey): boolean {
	try {
		const probe = randomBytes(32);
		const { d: _, ...publicJwk } = jwk;
		const signature = sign("sha256", probe, createPrivateKey({ key: jwk, format: "jwk" }));
		return verify("sha256", probe, createPublicKey({ key: publicJwk, format: "jwk" }), signature);
	} catch {
		return false;
	}
}

/**
 * Reads `OPTA_PASS_SIGNING_KEY`: one private key, or `{"keys": [...]}` whose first signs and whose others are published.
 * @throws {EnvironmentError} when one is no private P-256 JWK with a `kid`, its public half belongs to another key, or two
 * have the same `kid`.
 */
export function readPassSigningKeys(value: string | undefined): PassSigningKeys {
	const form = "it must be a private P-256 key as JWK in JSON, with a kid, or a set of at most four of them with the signing key first";
	if (value === undefined || value.trim() === "") {
		throw new EnvironmentError(`OPTA_PASS_SIGNING_KEY is not set; ${form}.`);
	}
	const parsed = z
		.union([keySetSchema.transform(({ keys }) => keys), privateJwkSchema.transform((key): [PassSigningKey] => [key])])
		.safeParse(parseJson(value));
	const keys = parsed.data;
	if (keys === undefined || keys.length > mostKeys || new Set(keys.map(({ kid }) => kid)).size < keys.length || !keys.every(isWholeKey)) {
		throw new EnvironmentError(`OPTA_PASS_SIGNING_KEY cannot be used; ${form}.`);
	}
	return keys;
}

function publicHalf({ kty, crv, x, y, kid }: PassSigningKey): PassKey {
	return { kty, crv, x, y, kid };
}

/** Makes the signer of a set of keys. Passes and statements name accounts' public origin as their issuer. */
export function createPassSigner(signingKeys: PassSigningKeys, addressing: SiteAddressing): PassSigner {
	const [{ kid }] = signingKeys;
	const key = createPrivateKey({ key: signingKeys[0], format: "jwk" });
	const issuer = siteOrigin(addressing, "accounts");
	const keys = signingKeys.map(publicHalf);
	return {
		jwks: { keys: keys.map((each) => ({ ...each, alg: passAlgorithm, use: "sig" })) },
		stateKeys() {
			const issuedAt = Math.floor(Date.now() / 1000);
			return Promise.all(
				signingKeys.map((by) =>
					new SignJWT({ keys })
						.setProtectedHeader({ alg: passAlgorithm, typ: passKeysType, kid: by.kid })
						.setIssuer(issuer)
						.setIssuedAt(issuedAt)
						.setExpirationTime(issuedAt + passKeysLifetimeSeconds)
						.sign(createPrivateKey({ key: by, format: "jwk" })),
				),
			);
		},
		async sign({ userId, audience, role, deviceId, keyThumbprint, ticket }) {
			const issuedAt = Math.floor(Date.now() / 1000);
			const expiresAt = issuedAt + (ticket === undefined ? passLifetimeSeconds : ticketLifetimeSeconds);
			const cnf = keyThumbprint === undefined ? undefined : { jkt: keyThumbprint };
			const pass = await new SignJWT({ role, deviceId, cnf, ...ticket })
				.setProtectedHeader({ alg: passAlgorithm, typ: ticket === undefined ? passType : ticketType, kid })
				.setIssuer(issuer)
				.setAudience(audience)
				.setSubject(userId)
				.setJti(randomBytes(tokenIdBytes).toString("base64url"))
				.setIssuedAt(issuedAt)
				.setExpirationTime(expiresAt)
				.sign(key);
			return { pass, role, expiresAt: new Date(expiresAt * 1000).toISOString() };
		},
	};
}
