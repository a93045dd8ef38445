import type { ItemVersion } from "@opta/contracts/schema/vault";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { randomBytes } from "../encoding/bytes.ts";
import { newId } from "../encoding/new-id.ts";
import { checkManifest, checkPin, createManifest, entryOf, type ManifestEntry } from "./manifest.ts";

const place = { userId: newId(), vaultId: newId() };
const userKey = { epoch: 2, key: randomBytes(32) };

function stored(version = 1): ItemVersion {
	const text = () => encodeBase64Url(randomBytes(60));
	return { itemId: newId(), version, epoch: 2, summary: text(), secret: text() };
}

const entriesOf = (items: readonly ItemVersion[]): Promise<ManifestEntry[]> => Promise.all(items.map(entryOf));
const mismatch = { name: "VaultError", reason: "manifest_mismatch" };

describe("a manifest", () => {
	const items = [stored(), stored(4), stored(2)];

	it("fits its items in any order, and an empty vault", async () => {
		const manifest = await createManifest(userKey, place, 5, await entriesOf(items));
		await fc.assert(
			fc.asyncProperty(fc.shuffledSubarray(items, { minLength: 3 }), async (shuffled) => {
				await checkManifest(userKey, place, manifest, await entriesOf(shuffled));
			}),
		);
		await checkManifest(userKey, place, await createManifest(userKey, place, 1, []), []);
	});

	const [one, two, three] = items as [ItemVersion, ItemVersion, ItemVersion];
	it.each<[string, readonly ItemVersion[]]>([
		["one is missing", [one, two]],
		["one was added", [...items, stored()]],
		["one is given twice", [one, two, two]],
		["one is of an older version", [one, { ...two, version: 3 }, three]],
		["one is of another epoch", [one, { ...two, epoch: 1 }, three]],
		["one has another text", [one, { ...two, secret: one.secret }, three]],
		["fields are swapped", [one, { ...two, secret: two.summary, summary: two.secret }, three]],
		["two are swapped", [{ ...one, itemId: two.itemId }, { ...two, itemId: one.itemId }, three]],
		["all are gone", []],
	])("does not fit when %s", async (_what, given) => {
		const manifest = await createManifest(userKey, place, 5, await entriesOf(items));
		await expect(checkManifest(userKey, place, manifest, await entriesOf(given))).rejects.toMatchObject(mismatch);
	});

	it("does not fit after any change to itself, with another key, or in another place", async () => {
		const entries = await entriesOf(items);
		const manifest = await createManifest(userKey, place, 5, entries);
		const mac = decodeBase64Url(manifest.mac);
		const changed = Array.from(mac, (_, at) => {
			const bytes = mac.slice();
			bytes[at]! ^= 1;
			return { ...manifest, mac: encodeBase64Url(bytes) };
		});
		for (const forged of [...changed, { ...manifest, counter: 6 }, { ...manifest, epoch: 1 }, { ...manifest, itemCount: 2 }]) {
			await expect(checkManifest(userKey, place, forged, entries)).rejects.toMatchObject(mismatch);
		}
		await expect(checkManifest({ epoch: 2, key: randomBytes(32) }, place, manifest, entries)).rejects.toMatchObject(mismatch);
		await expect(checkManifest(userKey, { ...place, userId: newId() }, manifest, entries)).rejects.toMatchObject(mismatch);
		await expect(checkManifest(userKey, { ...place, vaultId: newId() }, manifest, entries)).rejects.toMatchObject(mismatch);
	});

	it("of another version of the format is refused", async () => {
		const manifest = { ...(await createManifest(userKey, place, 5, [])), version: 2 as 1 };
		await expect(checkManifest(userKey, place, manifest, [])).rejects.toMatchObject({ reason: "unsupported_version" });
	});
});

describe("what was seen last", () => {
	const pin = { vaultId: place.vaultId, epoch: 2, counter: 9 };
	const manifest = { version: 1 as const, epoch: 2, counter: 9, itemCount: 0, mac: "" };

	it("is the oldest that is taken", () => {
		checkPin(null, place, { ...manifest, counter: 1 });
		checkPin(pin, place, manifest);
		checkPin(pin, place, { ...manifest, epoch: 3, counter: 10 });
	});

	it.each([
		["an older counter", { ...manifest, counter: 8 }, "rolled_back"],
		["an older epoch", { ...manifest, epoch: 1, counter: 12 }, "rolled_back"],
	])("refuses %s", (_what, given, reason) => {
		expect(() => checkPin(pin, place, given)).toThrow(expect.objectContaining({ reason }));
	});

	it("refuses another vault", () => {
		expect(() => checkPin(pin, { ...place, vaultId: newId() }, manifest)).toThrow(expect.objectContaining({ reason: "other_vault" }));
	});
});
