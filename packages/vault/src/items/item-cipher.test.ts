import type { ItemVersion } from "@opta/contracts/schema/vault";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { randomBytes } from "../encoding/bytes.ts";
import { newId } from "../encoding/new-id.ts";
import type { UserKey } from "../keys/epoch-wraps.ts";
import type { VaultPlace } from "../keys/vault-place.ts";
import { openSecret, openSummary, sealItem } from "./item-cipher.ts";
import type { ItemContent } from "./item-content.ts";

const place: VaultPlace = { userId: newId(), vaultId: newId() };
const userKey: UserKey = { epoch: 3, key: randomBytes(32) };

function content(value: string, name = "Name"): ItemContent {
	return { summary: { kind: "login", name, username: "ada", url: "", isDeleted: false, conflictOf: null }, secret: { value, notes: "" } };
}

const refused = { name: "VaultError", reason: "cannot_open" };

describe("a sealed item", () => {
	const text = fc.string({ unit: "binary", maxLength: 600 }).map((value) => value.toWellFormed());

	it("comes back as it was, whatever is in it", async () => {
		await fc.assert(
			fc.asyncProperty(text, text, fc.integer({ min: 1, max: 2 ** 31 }), async (value, name, version) => {
				const sealed = await sealItem(userKey, place, { itemId: newId(), version }, content(value, name));
				expect(await openSecret([userKey], place, sealed)).toEqual({ value, notes: "" });
				expect((await openSummary([userKey], place, sealed)).name).toBe(name);
			}),
			{ numRuns: 60 },
		);
	});

	it.each([
		["nothing", ""],
		["an emoji", "👩‍👩‍👧‍👦"],
		["NUL", "a\0b"],
		["a byte order mark", "\ufeffkey"],
		["1 MB", "x".repeat(1_000_000)],
	])("holds %s", async (_what, value) => {
		const sealed = await sealItem(userKey, place, { itemId: newId(), version: 1 }, content(value));
		expect((await openSecret([userKey], place, sealed)).value).toBe(value);
	});

	it("is refused when it is larger than the server takes", async () => {
		const sealing = sealItem(userKey, place, { itemId: newId(), version: 1 }, content("x".repeat(1_200_000)));
		await expect(sealing).rejects.toMatchObject({ reason: "too_large" });
	});

	it("opens no more when any bit of it is turned", async () => {
		const sealed = await sealItem(userKey, place, { itemId: newId(), version: 1 }, content("secret"));
		const bytes = decodeBase64Url(sealed.secret);
		for (let at = 0; at < bytes.length; at += 1) {
			const changed = bytes.slice();
			changed[at]! ^= 1 << (at % 8);
			const forged = { ...sealed, secret: encodeBase64Url(changed) };
			await expect(openSecret([userKey], place, forged)).rejects.toMatchObject(refused);
		}
	});

	it("opens no more when it is cut short or made longer", async () => {
		const sealed = await sealItem(userKey, place, { itemId: newId(), version: 1 }, content("secret"));
		const bytes = decodeBase64Url(sealed.secret);
		for (const length of [0, 12, 27, bytes.length - 1, bytes.length + 1]) {
			const changed = new Uint8Array(length);
			changed.set(bytes.subarray(0, length));
			await expect(openSecret([userKey], place, { ...sealed, secret: encodeBase64Url(changed) })).rejects.toMatchObject(refused);
		}
	});

	it("opens in its own place only: not as another item, version, epoch, field, vault or person", async () => {
		const sealed = await sealItem(userKey, place, { itemId: newId(), version: 2 }, content("secret"));
		const olderKey: UserKey = { epoch: 2, key: userKey.key };
		const moved: readonly [ItemVersion, VaultPlace][] = [
			[{ ...sealed, itemId: newId() }, place],
			[{ ...sealed, version: 1 }, place],
			[{ ...sealed, version: 3 }, place],
			[{ ...sealed, epoch: 2 }, place],
			[{ ...sealed, epoch: 9 }, place],
			[{ ...sealed, secret: sealed.summary, summary: sealed.secret }, place],
			[sealed, { ...place, vaultId: newId() }],
			[sealed, { ...place, userId: newId() }],
		];
		for (const [item, at] of moved) {
			await expect(openSecret([userKey, olderKey], at, item)).rejects.toMatchObject(refused);
			await expect(openSummary([userKey, olderKey], at, item)).rejects.toMatchObject(refused);
		}
	});

	it("does not open with another key", async () => {
		const sealed = await sealItem(userKey, place, { itemId: newId(), version: 1 }, content("secret"));
		await expect(openSecret([{ ...userKey, key: randomBytes(32) }], place, sealed)).rejects.toMatchObject(refused);
	});

	it("tells its size in steps of 256 bytes only", async () => {
		const sizes = new Set<number>();
		for (const length of [0, 1, 50, 100, 200]) {
			sizes.add((await sealItem(userKey, place, { itemId: newId(), version: 1 }, content("x".repeat(length)))).secret.length);
		}
		expect(sizes.size).toBe(1);
	});
});

it("never takes a nonce twice", async () => {
	const seen = new Set<string>();
	const count = 100_000;
	for (let made = 0; made < count; made += 1) {
		seen.add(encodeBase64Url(randomBytes(12)));
	}
	expect(seen.size).toBe(count);
	const item = { itemId: newId(), version: 1 };
	const sealed = await Promise.all(Array.from({ length: 500 }, () => sealItem(userKey, place, item, content("same"))));
	expect(new Set(sealed.map(({ secret }) => secret.slice(0, 16))).size).toBe(sealed.length);
});
