import { randomUUID } from "node:crypto";
import { hostAudience, passAlgorithm, passLifetimeSeconds, passType } from "@opta/contracts/pass";
import type { HostRole } from "@opta/contracts/roles";
import type { HostIdentity } from "@opta/contracts/schema/host";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";

/** What a test changes in a good pass. A claim set to undefined is left out. */
export interface PassChanges {
	readonly claims?: JWTPayload;
	readonly header?: Partial<JWTHeaderParameters>;
	readonly key?: CryptoKey | Uint8Array;
}

/** Stands for accounts: a host's identity with its pinned key, and passes signed with it. */
export interface PassMaker {
	readonly identity: HostIdentity;
	readonly publicJwk: HostIdentity["jwks"]["keys"][number];
	readonly make: (role: HostRole, changes?: PassChanges) => Promise<string>;
}

/** Makes a key pair, the identity that pins it, and a maker of passes. */
export async function createPassMaker(): Promise<PassMaker> {
	const { privateKey, publicKey } = await generateKeyPair(passAlgorithm, { extractable: true });
	const { x = "", y = "" } = await exportJWK(publicKey);
	const own = await exportJWK((await generateKeyPair(passAlgorithm, { extractable: true })).privateKey);
	const publicJwk = { kty: "EC", crv: "P-256", x, y, kid: "accounts-1" } as const;
	const identity: HostIdentity = {
		hostId: randomUUID(),
		name: "Test host",
		issuer: "http://accounts.optalocal.localhost:3003",
		key: { kty: "EC", crv: "P-256", x: own.x ?? "", y: own.y ?? "", d: own.d ?? "" },
		jwks: { keys: [publicJwk] },
	};
	return {
		identity,
		publicJwk,
		make: (role, changes = {}) => {
			const nowSeconds = Math.floor(Date.now() / 1000);
			const claims = {
				iss: identity.issuer,
				aud: hostAudience(identity.hostId),
				sub: randomUUID(),
				role,
				jti: randomUUID(),
				iat: nowSeconds,
				exp: nowSeconds + passLifetimeSeconds,
				...changes.claims,
			};
			return new SignJWT(claims)
				.setProtectedHeader({ alg: passAlgorithm, typ: passType, kid: publicJwk.kid, ...changes.header })
				.sign(changes.key ?? privateKey);
		},
	};
}
