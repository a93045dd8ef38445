import { randomUUID } from "node:crypto";
import { hostAudience, passAlgorithm, passLifetimeSeconds, passType, ticketLifetimeSeconds, ticketType } from "@opta/contracts/pass";
import type { HostRole } from "@opta/contracts/roles";
import type { HostIdentity } from "@opta/contracts/schema/host";
import type { TicketUse } from "@opta/contracts/schema/pass";
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
	/** A pass for the host of `identity`. */
	readonly make: (role: HostRole, changes?: PassChanges) => Promise<string>;
	/** A pass for somebody else: `deviceAudience(…)` or `hostAudience(…)`. */
	readonly makeFor: (audience: string, role: HostRole, changes?: PassChanges) => Promise<string>;
	/** A ticket of a viewer for the host of `identity`; other claims, audience among them, in `changes`. */
	readonly makeTicket: (use: TicketUse, changes?: PassChanges) => Promise<string>;
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
	const sign = (typ: string, lifetimeSeconds: number, claims: JWTPayload, changes: PassChanges = {}): Promise<string> => {
		const nowSeconds = Math.floor(Date.now() / 1000);
		const common = { iss: identity.issuer, sub: randomUUID(), jti: randomUUID(), iat: nowSeconds, exp: nowSeconds + lifetimeSeconds };
		return new SignJWT({ ...common, ...claims, ...changes.claims })
			.setProtectedHeader({ alg: passAlgorithm, typ, kid: publicJwk.kid, ...changes.header })
			.sign(changes.key ?? privateKey);
	};
	const makeFor: PassMaker["makeFor"] = (aud, role, changes) => sign(passType, passLifetimeSeconds, { aud, role }, changes);
	const audience = hostAudience(identity.hostId);
	return {
		identity,
		publicJwk,
		makeFor,
		make: (role, changes) => makeFor(audience, role, changes),
		makeTicket: (use, changes) => sign(ticketType, ticketLifetimeSeconds, { aud: audience, role: "viewer", ...use }, changes),
	};
}
