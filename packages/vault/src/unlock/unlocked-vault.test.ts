import { type DeviceWrap, type EpochWrap, type RootWraps, rootWrapsSchema, type VaultHeader } from "@opta/contracts/schema/vault";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { randomBytes } from "../encoding/bytes.ts";
import { newId } from "../encoding/new-id.ts";
import { type DeviceKeys, pairingSecretOf, type VaultDevice, wrapForDevice } from "../keys/device-wrap.ts";
import { openWithPassphrase, openWithRecoveryKey } from "../keys/root-wraps.ts";
import { createKeyPair } from "../primitives/agreement.ts";
import {
	advanceEpoch,
	createVault,
	newestUserKey,
	rewrapRoot,
	type UnlockedVault,
	unlockOnDevice,
	unlockWithPassphrase,
	unlockWithRecoveryKey,
} from "./unlocked-vault.ts";

const userId = newId();
const passphrase = "seven tall towers and a moat";
const cannotOpen = { name: "VaultError", reason: "cannot_open" };

let header: VaultHeader;
let recoveryKey: string;
let unlocked: UnlockedVault;

beforeAll(async () => {
	const made = await createVault(userId, passphrase);
	({ recoveryKey, unlocked } = made);
	const { vaultId, root, epoch, manifest } = made.body;
	header = { vaultId, rootRevision: 1, root, epochs: [epoch], devices: [], manifest, rekeyDue: false };
});

async function newDevice(): Promise<{ device: VaultDevice; keys: DeviceKeys }> {
	const pair = await createKeyPair();
	const device = { deviceId: newId(), deviceName: "Laptop", publicKey: pair.publicKey };
	return {
		device,
		keys: { ...pair, deviceId: device.deviceId, pairingSecret: await pairingSecretOf(unlocked.rootKey!, unlocked.place, device) },
	};
}

/** Every base64url text of a wrap, each with one bit of each byte turned in turn. */
function* everyFlippedByte<T extends object>(wrap: T, member: keyof T & string): Generator<T> {
	const bytes = decodeBase64Url(wrap[member]);
	for (let at = 0; at < bytes.length; at += 1) {
		const changed = bytes.slice();
		changed[at]! ^= 1 << (at % 8);
		yield { ...wrap, [member]: encodeBase64Url(changed) };
	}
}

describe("a vault", () => {
	it("opens with its passphrase and with its recovery key", async () => {
		expect(await unlockWithPassphrase(userId, header, passphrase)).toEqual(unlocked);
		expect(await unlockWithRecoveryKey(userId, header, recoveryKey.toLowerCase())).toEqual(unlocked);
	});

	it("opens with the passphrase from another keyboard: composed or not", async () => {
		const { body, unlocked: own } = await createVault(userId, "Größe und Fülle");
		const { vaultId, root, epoch, manifest } = body;
		const other: VaultHeader = { vaultId, rootRevision: 1, root, epochs: [epoch], devices: [], manifest, rekeyDue: false };
		expect(await unlockWithPassphrase(userId, other, "Größe und Fülle".normalize("NFD"))).toEqual(own);
	});

	it("says the same of a wrong passphrase and of changed data", async () => {
		const errors: unknown[] = [];
		const swapped = { ...header, root: { ...header.root, passphrase: { ...header.root.passphrase, keyId: newId() } } };
		for (const attempt of [unlockWithPassphrase(userId, header, `${passphrase}!`), unlockWithPassphrase(userId, swapped, passphrase)]) {
			errors.push(await attempt.catch((error: unknown) => error));
		}
		expect(errors[0]).toMatchObject(cannotOpen);
		expect(String(errors[0])).toBe(String(errors[1]));
	});

	it("does not open for another person or in another vault", async () => {
		await expect(unlockWithRecoveryKey(newId(), header, recoveryKey)).rejects.toMatchObject(cannotOpen);
		await expect(unlockWithRecoveryKey(userId, { ...header, vaultId: newId() }, recoveryKey)).rejects.toMatchObject(cannotOpen);
	});

	it("refuses every changed byte of the recovery wrap", async () => {
		const { recovery } = header.root;
		const key = recoveryKey;
		for (const changed of [...everyFlippedByte(recovery, "sealed"), ...everyFlippedByte(recovery, "salt")]) {
			const root: RootWraps = { ...header.root, recovery: changed };
			await expect(unlockWithRecoveryKey(userId, { ...header, root }, key)).rejects.toMatchObject(cannotOpen);
		}
	});

	it("refuses changed bytes of the passphrase wrap, and the other wrap in its place", async () => {
		const flipped = [...everyFlippedByte(header.root.passphrase, "sealed")];
		for (const changed of [
			flipped[0]!,
			flipped[20]!,
			flipped.at(-1)!,
			{ ...header.root.passphrase, sealed: header.root.recovery.sealed },
		]) {
			const root: RootWraps = { ...header.root, passphrase: changed };
			await expect(openWithPassphrase(root, passphrase, unlocked.place)).rejects.toMatchObject(cannotOpen);
		}
	});

	it("refuses every changed byte of the epoch's wrap and of both commitments", async () => {
		const [epoch] = header.epochs as [EpochWrap];
		for (const changed of [...everyFlippedByte(epoch, "sealed"), ...everyFlippedByte(epoch, "commitment")]) {
			await expect(unlockWithRecoveryKey(userId, { ...header, epochs: [changed] }, recoveryKey)).rejects.toMatchObject(cannotOpen);
		}
		for (const root of everyFlippedByte(header.root, "commitment")) {
			await expect(unlockWithRecoveryKey(userId, { ...header, root }, recoveryKey)).rejects.toMatchObject(cannotOpen);
		}
	});

	it.each([
		["less memory", { memoryKiB: 19_456 }],
		["fewer rounds", { iterations: 1 }],
		["fewer lanes", { parallelism: 1 }],
		["more memory than any machine should give", { memoryKiB: 2 ** 24 }],
		["no number", { iterations: Number.NaN }],
		["another algorithm", { algorithm: "pbkdf2" as "argon2id" }],
	])("does not use the passphrase where the server asks for %s", async (_what, change) => {
		const wrap = { ...header.root.passphrase, cost: { ...header.root.passphrase.cost, ...change } };
		const root: RootWraps = { ...header.root, passphrase: wrap };
		expect(rootWrapsSchema.safeParse(root).success).toBe(false);
		await expect(openWithPassphrase(root, passphrase, unlocked.place)).rejects.toMatchObject({ reason: "weak_passphrase_cost" });
	});

	it("of an unknown version is refused, wrap by wrap", async () => {
		const two = { version: 2 as 1 };
		const { root } = header;
		const versions: readonly RootWraps[] = [
			{ ...root, ...two },
			{ ...root, passphrase: { ...root.passphrase, ...two }, recovery: { ...root.recovery, ...two } },
		];
		for (const other of versions) {
			await expect(openWithPassphrase(other, passphrase, unlocked.place)).rejects.toMatchObject({ reason: "unsupported_version" });
			await expect(openWithRecoveryKey(other, randomBytes(20), unlocked.place)).rejects.toMatchObject({ reason: "unsupported_version" });
		}
		const epochs = header.epochs.map((epoch) => ({ ...epoch, ...two }));
		await expect(unlockWithRecoveryKey(userId, { ...header, epochs }, recoveryKey)).rejects.toMatchObject({
			reason: "unsupported_version",
		});
	});
});

describe("new wraps of the root key", () => {
	it("end the old passphrase and the old recovery key, and keep the items' keys", async () => {
		const renewed = await rewrapRoot(unlocked, "another long passphrase");
		const after: VaultHeader = { ...header, root: renewed.root };
		expect(await unlockWithPassphrase(userId, after, "another long passphrase")).toEqual(unlocked);
		expect(await unlockWithRecoveryKey(userId, after, renewed.recoveryKey)).toEqual(unlocked);
		await expect(unlockWithPassphrase(userId, after, passphrase)).rejects.toMatchObject(cannotOpen);
		await expect(unlockWithRecoveryKey(userId, after, recoveryKey)).rejects.toMatchObject(cannotOpen);
	});
});

describe("a device", () => {
	it("opens the vault with its own key, without the root key", async () => {
		const { device, keys } = await newDevice();
		const wrap = await wrapForDevice(unlocked.rootKey!, newestUserKey(unlocked), device, unlocked.place);
		const onDevice = await unlockOnDevice(userId, { ...header, devices: [wrap] }, keys);
		expect(onDevice).toEqual({ ...unlocked, rootKey: null });
		await expect(rewrapRoot(onDevice, "a passphrase of a thief")).rejects.toMatchObject(cannotOpen);
	});

	it("refuses every changed byte of its wrap, and a wrap made for another device", async () => {
		const { device, keys } = await newDevice();
		const other = await newDevice();
		const wrap = await wrapForDevice(unlocked.rootKey!, newestUserKey(unlocked), device, unlocked.place);
		const others = await wrapForDevice(unlocked.rootKey!, newestUserKey(unlocked), other.device, unlocked.place);
		const forged: DeviceWrap[] = [
			...everyFlippedByte(wrap, "sealed"),
			...everyFlippedByte(wrap, "ephemeralPublicKey"),
			...everyFlippedByte(wrap, "devicePublicKey"),
			{ ...others, deviceId: device.deviceId },
			{ ...others, deviceId: device.deviceId, devicePublicKey: wrap.devicePublicKey },
			{ ...wrap, deviceName: "Somebody's laptop" },
			{ ...wrap, epoch: 2 },
		];
		for (const changed of forged) {
			await expect(unlockOnDevice(userId, { ...header, devices: [changed] }, keys)).rejects.toMatchObject(cannotOpen);
		}
	});

	it("takes no key from somebody who knows its public key alone, such as the server", async () => {
		const { device, keys } = await newDevice();
		const serversRoot = randomBytes(32);
		const serversKey = { epoch: 1, key: randomBytes(32) };
		const wrap = await wrapForDevice(serversRoot, serversKey, device, unlocked.place);
		await expect(unlockOnDevice(userId, { ...header, devices: [wrap] }, keys)).rejects.toMatchObject(cannotOpen);
	});

	it("aborts on public keys with which every secret is the same", async () => {
		const { device } = await newDevice();
		for (const publicKey of [new Uint8Array(32), new Uint8Array(32).fill(1, 0, 1)]) {
			const wrapping = wrapForDevice(unlocked.rootKey!, newestUserKey(unlocked), { ...device, publicKey }, unlocked.place);
			await expect(wrapping).rejects.toMatchObject({ reason: "unsafe_public_key" });
		}
	});
});

describe("a new epoch", () => {
	it("leaves the revoked device outside, and the others inside with the older keys", async () => {
		const stays = await newDevice();
		const goes = await newDevice();
		const wraps = await Promise.all(
			[stays, goes].map(({ device }) => wrapForDevice(unlocked.rootKey!, newestUserKey(unlocked), device, unlocked.place)),
		);
		const before: VaultHeader = { ...header, devices: wraps };
		const { body, unlocked: next } = await advanceEpoch(unlocked, [stays.device], 2, []);
		const after: VaultHeader = { ...before, epochs: [body.epoch, ...header.epochs], devices: body.devices, manifest: body.manifest };

		expect(next.userKeys.map(({ epoch }) => epoch)).toEqual([2, 1]);
		expect(await unlockOnDevice(userId, after, stays.keys)).toEqual({ ...next, rootKey: null });
		expect(await unlockWithPassphrase(userId, after, passphrase)).toEqual(next);
		await expect(unlockOnDevice(userId, after, goes.keys)).rejects.toMatchObject(cannotOpen);
		// The revoked device keeps its old wrap and is shown the new epoch: still nothing.
		await expect(unlockOnDevice(userId, { ...after, devices: wraps }, goes.keys)).rejects.toMatchObject(cannotOpen);
		await expect(unlockWithPassphrase(userId, { ...after, epochs: [body.epoch] }, passphrase)).rejects.toMatchObject({
			reason: "malformed",
		});
	});
});
