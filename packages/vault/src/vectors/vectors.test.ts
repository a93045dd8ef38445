import { readFile } from "node:fs/promises";
import {
	deviceWrapSchema,
	epochWrapSchema,
	itemVersionSchema,
	manifestSchema,
	rootWrapsSchema,
	type VaultHeader,
} from "@opta/contracts/schema/vault";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { decodeBase64Url } from "../encoding/base64url.ts";
import type { Bytes } from "../encoding/bytes.ts";
import { canonical } from "../encoding/canonical.ts";
import { openSecret, openSummary, sealItem } from "../items/item-cipher.ts";
import { parseSecret, parseSummary } from "../items/item-content.ts";
import { checkManifest, entryOf } from "../items/manifest.ts";
import { wrapForDevice } from "../keys/device-wrap.ts";
import { formatRecoveryKey, parseRecoveryKey } from "../keys/recovery-key.ts";
import { checkHalf, openGift, pairingCode, sealGift } from "../pairing/exchange.ts";
import { agree } from "../primitives/agreement.ts";
import { stretchPassphrase } from "../primitives/stretch.ts";
import { createVault, unlockOnDevice, unlockWithPassphrase, unlockWithRecoveryKey } from "../unlock/unlocked-vault.ts";
import { canonicalHex, oracle } from "./oracle.ts";

const hex = z.string();
const partSchema = z.union([z.string(), z.number(), z.object({ hex })]);
const vectorsSchema = z.object({
	canonical: z.array(z.object({ purpose: z.string(), parts: z.array(partSchema), hex })),
	place: z.object({ userId: z.string(), vaultId: z.string() }),
	passphrase: z.string(),
	rootKey: hex,
	recoveryKey: hex,
	recoveryKeyPrinted: z.string(),
	root: rootWrapsSchema,
	userKeys: z.array(z.object({ epoch: z.number(), key: hex })),
	epochs: z.array(epochWrapSchema),
	device: z.object({ privateKey: hex, publicKey: hex, pairingSecret: hex, wrap: deviceWrapSchema }),
	items: z.array(z.object({ stored: itemVersionSchema, content: z.object({ summary: z.json(), secret: z.json() }), digest: hex })),
	manifest: manifestSchema,
	pairing: z.object({
		pairingId: z.string(),
		deviceNonce: hex,
		approverPrivateKey: hex,
		approverPublicKey: hex,
		approverNonce: hex,
		commitment: hex,
		code: z.string(),
		gift: z.string(),
	}),
});

/** Made once by the oracle from the inputs in the file. They never change: a change would lock people out of their vaults. */
const vectors = vectorsSchema.parse(JSON.parse(await readFile(new URL("vectors.json", import.meta.url), "utf8")));

const fromHex = (text: string): Bytes => new Uint8Array(Buffer.from(text, "hex"));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const { place, device, pairing } = vectors;
const header: VaultHeader = {
	vaultId: place.vaultId,
	rootRevision: 1,
	root: vectors.root,
	epochs: vectors.epochs,
	devices: [device.wrap],
	manifest: vectors.manifest,
	rekeyDue: false,
};
const deviceKeys = {
	deviceId: device.wrap.deviceId,
	privateKey: fromHex(device.privateKey),
	publicKey: fromHex(device.publicKey),
	pairingSecret: fromHex(device.pairingSecret),
};
const userKeys = vectors.userKeys.map(({ epoch, key }) => ({ epoch, key: fromHex(key) }));

describe("the vectors of a second implementation", () => {
	it.each(vectors.canonical)("encode $purpose $parts the same way", ({ purpose, parts, hex: expected }) => {
		const own = parts.map((part) => (typeof part === "object" ? fromHex(part.hex) : part));
		expect([toHex(canonical(purpose, ...own)), canonicalHex(purpose, parts)]).toEqual([expected, expected]);
	});

	it("open with the passphrase, the recovery key and the device's key, all to the same keys", async () => {
		const byPassphrase = await unlockWithPassphrase(place.userId, header, vectors.passphrase);
		const byRecoveryKey = await unlockWithRecoveryKey(place.userId, header, vectors.recoveryKeyPrinted);
		const byDevice = await unlockOnDevice(place.userId, header, deviceKeys);
		expect(toHex(byPassphrase.rootKey!)).toBe(vectors.rootKey);
		expect(byRecoveryKey).toEqual(byPassphrase);
		expect(byDevice).toEqual({ ...byPassphrase, rootKey: null });
		expect(byPassphrase.userKeys).toEqual(userKeys);
	});

	it("print and read the recovery key the same way", async () => {
		expect(await formatRecoveryKey(fromHex(vectors.recoveryKey))).toBe(vectors.recoveryKeyPrinted);
		expect(toHex(await parseRecoveryKey(vectors.recoveryKeyPrinted.toLowerCase().replaceAll("-", " ")))).toBe(vectors.recoveryKey);
	});

	it("open every item and fit the manifest", async () => {
		const entries = await Promise.all(vectors.items.map(({ stored }) => entryOf(stored)));
		expect(entries.map(({ digest }) => toHex(digest))).toEqual(vectors.items.map(({ digest }) => digest));
		for (const { stored, content } of vectors.items) {
			const opened = { summary: await openSummary(userKeys, place, stored), secret: await openSecret(userKeys, place, stored) };
			expect(opened).toEqual(content);
		}
		await checkManifest(userKeys[0]!, place, vectors.manifest, entries.toReversed());
	});

	it("agree on the code and the gift of a pairing", async () => {
		const pairingPlace = {
			userId: place.userId,
			pairingId: pairing.pairingId,
			deviceId: deviceKeys.deviceId,
			deviceName: device.wrap.deviceName,
		};
		const deviceHalf = { publicKey: deviceKeys.publicKey, privateKey: deviceKeys.privateKey, nonce: fromHex(pairing.deviceNonce) };
		const approver = {
			publicKey: fromHex(pairing.approverPublicKey),
			privateKey: fromHex(pairing.approverPrivateKey),
			nonce: fromHex(pairing.approverNonce),
		};
		await checkHalf(pairingPlace, fromHex(pairing.commitment), deviceHalf);
		expect(await pairingCode(pairingPlace, deviceHalf, approver)).toBe(pairing.code);
		const gift = await openGift(pairingPlace, deviceHalf, approver, pairing.gift);
		expect({ ...gift, pairingSecret: toHex(gift.pairingSecret) }).toEqual({
			vaultId: place.vaultId,
			pairingSecret: device.pairingSecret,
			epoch: 2,
			counter: 9,
		});
		const resealed = await sealGift(pairingPlace, deviceHalf, approver, gift);
		expect(await openGift(pairingPlace, deviceHalf, approver, resealed)).toEqual(gift);
	});
});

describe("the second implementation", () => {
	it("stretches passphrases and agrees on secrets as the first does", async () => {
		const { cost } = vectors.root.passphrase;
		const salt = toHex(decodeBase64Url(cost.salt));
		expect(oracle.argon2id(vectors.passphrase, salt, cost)).toBe(toHex(await stretchPassphrase(vectors.passphrase, cost)));
		expect(oracle.x25519(device.privateKey, pairing.approverPublicKey)).toBe(
			toHex(await agree(fromHex(device.privateKey), fromHex(pairing.approverPublicKey))),
		);
	});

	it("opens what a new vault seals: item, device wrap and manifest", async () => {
		const { unlocked } = await createVault(place.userId, "a passphrase of this test");
		const at = unlocked.place;
		const [userKey] = unlocked.userKeys;
		const ids = [at.userId, at.vaultId];
		const { summary, secret } = vectors.items[0]!.content;
		const content = { summary: parseSummary(JSON.stringify(summary)), secret: parseSecret(JSON.stringify(secret)) };
		const item = await sealItem(userKey!, at, { itemId: "019aa000-0000-7000-8000-0000000000ff", version: 7 }, content);
		const key = oracle.hkdf(toHex(userKey!.key), canonicalHex("item-key", [...ids, item.itemId, 7, 1]));
		const bound = canonicalHex("item", [...ids, item.itemId, "secret", 7, 1]);
		const padded = Buffer.from(oracle.open(key, toHex(decodeBase64Url(item.secret)), bound), "hex");
		expect(JSON.parse(padded.subarray(4, 4 + padded.readUInt32BE(0)).toString())).toEqual(content.secret);

		const { deviceId, deviceName, publicKey } = { ...deviceKeys, deviceName: "Laptop" };
		const wrap = await wrapForDevice(unlocked.rootKey!, userKey!, { deviceId, deviceName, publicKey }, at);
		const [devicePublic, ephemeral] = [device.publicKey, toHex(decodeBase64Url(wrap.ephemeralPublicKey))];
		const pairingSecret = oracle.hkdf(
			toHex(unlocked.rootKey!),
			canonicalHex("device-pairing-secret", [...ids, deviceId, { hex: devicePublic }]),
		);
		const info = canonicalHex("kek/device", [...ids, deviceId, 1]);
		const wrapKey = oracle.hkdf(oracle.x25519(device.privateKey, ephemeral) + pairingSecret, info, ephemeral + devicePublic);
		const wrapBound = canonicalHex("user/device", [...ids, 1, deviceId, deviceName, { hex: devicePublic }, { hex: ephemeral }]);
		expect(oracle.open(wrapKey, toHex(decodeBase64Url(wrap.sealed)), wrapBound)).toBe(toHex(userKey!.key));
	});
});
