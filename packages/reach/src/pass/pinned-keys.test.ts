import { hostAudience, passKeysType } from "@opta/contracts/pass";
import type { HostIdentity } from "@opta/contracts/schema/host";
import fc from "fast-check";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { createPassMaker, type PassMaker } from "../testing/pass-maker.ts";
import { createPinnedKeys, type PinnedKeys } from "./pinned-keys.ts";
import { createRevokedPasses } from "./revoked-passes.ts";
import { createPassVerifier, type PassVerifier } from "./verify-pass.ts";

type PublicKey = HostIdentity["jwks"]["keys"][number];

interface AccountsKey {
	readonly privateKey: CryptoKey;
	readonly publicJwk: PublicKey;
}

async function newKey(kid: string): Promise<AccountsKey> {
	const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
	const { x = "", y = "" } = await exportJWK(publicKey);
	return { privateKey, publicJwk: { kty: "EC", crv: "P-256", x, y, kid } };
}

let passes: PassMaker;
let keys: readonly AccountsKey[];
beforeAll(async () => {
	passes = await createPassMaker();
	keys = await Promise.all(["a", "b", "c", "d"].map(newKey));
});

const now = Math.floor(Date.now() / 1000);

function state(by: AccountsKey, stated: readonly PublicKey[], changes: JWTPayload = {}, typ = passKeysType): Promise<string> {
	return new SignJWT({ iss: passes.identity.issuer, iat: now, exp: now + 300, keys: stated, ...changes })
		.setProtectedHeader({ alg: "ES256", typ, kid: by.publicJwk.kid })
		.sign(by.privateKey);
}

/** A host that pins keys, and what accounts tells it next; each question comes a minute after the last. */
function hostWith(pinned: readonly PublicKey[], store: (keys: readonly PublicKey[]) => Promise<void> = async () => undefined) {
	let statements: readonly string[] = [];
	let minutes = 0;
	const asked: number[] = [];
	const { issuer, hostId } = passes.identity;
	const pins: PinnedKeys = createPinnedKeys({
		issuer,
		pinned,
		store,
		report: () => undefined,
		fetchStatements: async () => {
			asked.push(minutes);
			return statements;
		},
		now: () => minutes * 60_000,
	});
	const verify: PassVerifier = createPassVerifier({ issuer, audience: hostAudience(hostId), keys: pins, revoked: createRevokedPasses() });
	return {
		asked,
		pins,
		tell: (next: readonly string[]) => {
			statements = next;
			minutes += 1;
		},
		takes: async ({ privateKey, publicJwk }: AccountsKey): Promise<boolean> =>
			(await verify(await passes.make("user", { key: privateKey, header: { kid: publicJwk.kid } }))).ok,
	};
}

const jwk = (index: number): PublicKey => keys[index]!.publicJwk;

describe("the keys that a host pins", () => {
	it("follow a rotation that a pinned key signed, as soon as a pass names the new key, and are stored first", async () => {
		const stored: string[][] = [];
		const host = hostWith([jwk(0)], async (learned) => {
			stored.push(learned.map(({ kid }) => kid));
		});
		host.tell([await state(keys[1]!, [jwk(1), jwk(0)]), await state(keys[0]!, [jwk(1), jwk(0)])]);
		expect(await host.takes(keys[1]!)).toBe(true);
		expect(await host.takes(keys[0]!)).toBe(true);
		host.tell([await state(keys[1]!, [jwk(1)])]);
		expect(await host.pins.refresh()).toBe(true);
		expect(await host.takes(keys[0]!)).toBe(false);
		expect(stored).toEqual([["b", "a"], ["b"]]);
	});

	it("stay as they are when the new ones cannot be stored", async () => {
		const host = hostWith([jwk(0)], () => Promise.reject(new Error("disk full")));
		host.tell([await state(keys[0]!, [jwk(1)])]);
		expect(await host.takes(keys[1]!)).toBe(false);
		expect(await host.takes(keys[0]!)).toBe(true);
	});

	const worthless: [string, () => Promise<string>][] = [
		["by a key that is not pinned", () => state(keys[1]!, [jwk(1)])],
		["by a foreign key under the pinned id", () => state({ ...keys[1]!, publicJwk: jwk(0) }, [jwk(1)])],
		["that is old", () => state(keys[0]!, [jwk(1)], { iat: now - 400, exp: now + 100 })],
		["that is over", () => state(keys[0]!, [jwk(1)], { iat: now - 100, exp: now - 50 })],
		["of other accounts", () => state(keys[0]!, [jwk(1)], { iss: "http://accounts.evil.localhost" })],
		["of another type", () => state(keys[0]!, [jwk(1)], {}, "pass+jwt")],
		["without keys", () => state(keys[0]!, [])],
		["with two keys of one id", () => state(keys[0]!, [jwk(1), { ...jwk(2), kid: "b" }])],
		["with what is no point of the curve", () => state(keys[0]!, [{ ...jwk(1), x: "A".repeat(43) }])],
		["that is no JWS", async () => "a.b.c"],
	];
	it.each(worthless)("do not follow a statement %s", async (_name, make) => {
		const host = hostWith([jwk(0)]);
		host.tell([await make()]);
		expect(await host.takes(keys[1]!)).toBe(false);
		expect(await host.takes(keys[0]!)).toBe(true);
	});

	it("are asked for at most once a minute", async () => {
		const host = hostWith([jwk(0)]);
		host.tell([]);
		for (let tries = 0; tries < 20; tries++) {
			expect(await host.takes(keys[1]!)).toBe(false);
		}
		host.tell([]);
		await Promise.all([host.takes(keys[1]!), host.takes(keys[2]!), host.takes(keys[3]!)]);
		expect(host.asked).toEqual([1, 2]);
	});

	it("never come to hold a key that no pinned key vouched for, whatever is stated", async () => {
		const index = fc.nat({ max: 3 });
		const statement = fc.record({ by: index, stated: fc.uniqueArray(index, { minLength: 1 }) });
		await fc.assert(
			fc.asyncProperty(fc.array(fc.array(statement, { minLength: 1, maxLength: 3 }), { maxLength: 6 }), async (rounds) => {
				const host = hostWith([jwk(0)]);
				let pinned: readonly number[] = [0];
				for (const round of rounds) {
					host.tell(await Promise.all(round.map(({ by, stated }) => state(keys[by]!, stated.map(jwk)))));
					await host.pins.refresh();
					pinned = round.find(({ by }) => pinned.includes(by))?.stated ?? pinned;
					const taken = await Promise.all(keys.map((key) => host.takes(key)));
					expect(taken).toEqual([0, 1, 2, 3].map((key) => pinned.includes(key)));
				}
			}),
			{ numRuns: 40 },
		);
	});
});
