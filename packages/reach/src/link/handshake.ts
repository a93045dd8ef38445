import { createECDH, createHash, createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { publicDeviceKeySchema, thumbprintOf } from "@opta/auth/device-credential/device-key";
import { deviceAudience, hostAudience, passAlgorithm } from "@opta/contracts/pass";
import { linkAcceptType, linkJoinType, linkProtocol } from "@opta/contracts/reach";
import type { HostPublicKey } from "@opta/contracts/schema/host-claim";
import { linkAcceptClaimsSchema, linkJoinClaimsSchema } from "@opta/contracts/schema/link";
import { type CryptoKey, errors, importJWK, type JWTVerifyGetKey, jwtVerify, SignJWT } from "jose";
import type { z } from "zod";
import type { LinkKey } from "./link.ts";

/** The keys of a link, one for each direction (32 bytes, AES-256). */
export interface LinkKeys {
	readonly toHost: KeyObject;
	readonly toDevice: KeyObject;
}

/** Who links with whom. */
export interface LinkEnds {
	readonly hostId: string;
	readonly deviceId: string;
}

const curve = "prime256v1";
const coordinateBytes = 32;

function publicKeyOf(point: Buffer): HostPublicKey {
	const coordinate = (begin: number): string => point.subarray(begin, begin + coordinateBytes).toString("base64url");
	return { kty: "EC", crv: "P-256", x: coordinate(1), y: coordinate(1 + coordinateBytes) };
}

function pointOf({ x, y }: HostPublicKey): Buffer {
	return Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
}

function sha256(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}

/** HKDF-SHA-256 (RFC 5869) of the shared secret (NIST SP 800-56A §5.7.1.2), salted with all that both ends said. */
function deriveKeys(secret: Buffer, join: string, accept: string): LinkKeys {
	const salt = Buffer.concat([sha256(join), sha256(accept)]);
	const keyFor = (direction: string): KeyObject =>
		createSecretKey(Buffer.from(hkdfSync("sha256", secret, salt, `${linkProtocol} ${direction}`, 32)));
	return { toHost: keyFor("to host"), toDevice: keyFor("to device") };
}

/** Null for what is no key of P-256. */
async function importKey(key: HostPublicKey): Promise<CryptoKey | null> {
	return importJWK(key, passAlgorithm).then(
		(imported) => (imported instanceof Uint8Array ? null : imported),
		() => null,
	);
}

async function readClaims<Claims>(
	message: string,
	typ: string,
	key: JWTVerifyGetKey,
	{ schema, issuer, audience }: { readonly schema: z.ZodType<Claims>; readonly issuer: string; readonly audience: string },
): Promise<Claims | null> {
	try {
		const { payload } = await jwtVerify(message, key, { algorithms: [passAlgorithm], typ, issuer, audience });
		return schema.safeParse(payload).data ?? null;
	} catch (error) {
		if (error instanceof errors.JOSEError) {
			return null;
		}
		throw error;
	}
}

/** The device's half of the agreement. */
export interface JoinHandshake {
	/** Its signed message to the host (compact JWS). */
	readonly message: string;
	/** Reads the host's answer; null when the pinned key did not sign it, or not for this message. */
	readonly finish: (answer: string) => Promise<LinkKeys | null>;
}

/** Begins at the device: signs an ephemeral key with the device's. */
export async function beginHandshake(ends: LinkEnds, deviceKey: LinkKey, hostKey: HostPublicKey): Promise<JoinHandshake> {
	const [device, host] = [deviceAudience(ends.deviceId), hostAudience(ends.hostId)];
	const ephemeral = createECDH(curve);
	const epk = publicKeyOf(ephemeral.generateKeys());
	const { kty, crv, x, y } = deviceKey;
	const message = await new SignJWT({ epk, nonce: randomBytes(16).toString("base64url") })
		.setProtectedHeader({ alg: passAlgorithm, typ: linkJoinType, jwk: { kty, crv, x, y } })
		.setIssuer(device)
		.setAudience(host)
		.sign(await importJWK(deviceKey, passAlgorithm));
	const pinned = await importKey(hostKey);
	return {
		message,
		async finish(answer) {
			const expected = { schema: linkAcceptClaimsSchema, issuer: host, audience: device };
			const claims = pinned && (await readClaims(answer, linkAcceptType, async () => pinned, expected));
			if (claims === null || claims.join !== sha256(message).toString("base64url")) {
				return null;
			}
			const secret = sharedSecret(ephemeral, claims.epk);
			return secret === null ? null : deriveKeys(secret, message, answer);
		},
	};
}

/** Null for what is no point of the curve. */
function sharedSecret(own: ReturnType<typeof createECDH>, other: HostPublicKey): Buffer | null {
	try {
		return own.computeSecret(pointOf(other));
	} catch {
		return null;
	}
}

/** What a host knows of who joins. */
export interface AnswerOptions {
	readonly ends: LinkEnds;
	readonly hostKey: LinkKey;
	/** Thumbprint (RFC 7638) that the device's key must have. */
	readonly keyThumbprint: string;
}

/** Answers at the host. Null when the message is not for this host, or not of the device that the ticket names. */
export async function answerHandshake(
	message: string,
	{ ends, hostKey, keyThumbprint }: AnswerOptions,
): Promise<{ readonly answer: string; readonly keys: LinkKeys } | null> {
	const [device, host] = [deviceAudience(ends.deviceId), hostAudience(ends.hostId)];
	const deviceKey: JWTVerifyGetKey = async (header) => {
		const key = publicDeviceKeySchema.safeParse(header.jwk);
		const isNamed = key.success && (await thumbprintOf(key.data)) === keyThumbprint;
		const imported = isNamed ? await importKey(key.data) : null;
		if (imported === null) {
			throw new errors.JWKSNoMatchingKey();
		}
		return imported;
	};
	const claims = await readClaims(message, linkJoinType, deviceKey, { schema: linkJoinClaimsSchema, issuer: device, audience: host });
	if (claims === null) {
		return null;
	}
	const ephemeral = createECDH(curve);
	const epk = publicKeyOf(ephemeral.generateKeys());
	const secret = sharedSecret(ephemeral, claims.epk);
	if (secret === null) {
		return null;
	}
	const answer = await new SignJWT({ epk, join: sha256(message).toString("base64url") })
		.setProtectedHeader({ alg: passAlgorithm, typ: linkAcceptType })
		.setIssuer(host)
		.setAudience(device)
		.sign(await importJWK(hostKey, passAlgorithm));
	return { answer, keys: deriveKeys(secret, message, answer) };
}
