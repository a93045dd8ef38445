import { createDataClientFor } from "@opta/auth/data-client";
import { siteOrigin } from "@opta/contracts/site-url";
import { changePassphrase, rekeyVault } from "@opta/vault/client/change-keys";
import { makeVault, type OpenVault, openByDevice, openByPassphrase, openByRecoveryKey } from "@opta/vault/client/open-vault";
import { listItems, readPastVersions, readSecret } from "@opta/vault/client/read-items";
import { openVaultRoutes, type VaultHttp, type VaultRoutes } from "@opta/vault/client/vault-http";
import { removeItem, saveItem, saveItems } from "@opta/vault/client/write-items";
import { newId } from "@opta/vault/encoding/new-id";
import type { PairedDevice } from "@opta/vault/pairing/pair-device";
import { decodeJwt } from "jose";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signIn } from "../forms/sign-in.ts";
import { confirmTotp, readTotp, startTotp } from "../second-factor/manage-totp.ts";
import { proveSecondFactor } from "../second-factor/prove.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { dumpDatabase } from "../testing/database-dump.ts";
import {
	apiKey,
	callVaultRoute,
	newPins,
	pairWith,
	type SignedInDevice,
	signInDevice,
	vaultHttp,
	vaultHttpOf,
} from "../testing/vault-bench.ts";
import { signedUp, Visitor } from "../testing/visitor.ts";

const passphrase = "seven tall towers and a moat";

let bench: AccountsBench;
let ada: Visitor;
let ben: Visitor;

beforeAll(async () => {
	bench = await startAccountsBench();
	ada = await signedUp(bench, "ada@example.org");
	ben = await signedUp(bench, "ben@example.org");
});

afterAll(() => bench.stop());

const draft = (name: string, value: string) => ({ itemId: null, baseVersion: 0, content: apiKey(name, value) });
const names = async (vault: OpenVault): Promise<string[]> => (await listItems(vault)).map(({ name }) => name);
const origin = () => siteOrigin(bench.context.configuration.addressing, "accounts");
const asPerson = (visitor: Visitor) => vaultHttpOf(bench, visitor);

let routes: VaultRoutes;
let recoveryKey: string;
let vault: OpenVault;
const pins = newPins();

describe("a person's vault", () => {
	it("is made once", async () => {
		routes = openVaultRoutes(asPerson(ada));
		expect((await routes.read()).vault).toBeNull();
		({ vault, recoveryKey } = await makeVault({ routes, pins }, passphrase));
		await expect(makeVault({ routes, pins }, passphrase)).rejects.toMatchObject({ code: "conflict", reason: "exists" });
	});

	it("keeps items, which another browser opens with the passphrase and a third with the recovery key", async () => {
		await saveItem(vault, draft("Anthropic", "sk-plain-0001"));
		await saveItems(vault, [draft("Türcode 🚪", "4711"), draft("Empty", "")]);
		const second = await openByPassphrase({ routes, pins: newPins() }, passphrase);
		const third = await openByRecoveryKey({ routes, pins: newPins() }, recoveryKey);
		for (const other of [second, third]) {
			expect(await names(other)).toEqual(["Anthropic", "Empty", "Türcode 🚪"]);
			const [first] = await listItems(other);
			expect(await readSecret(other, first!.itemId)).toEqual({ value: "sk-plain-0001", notes: "" });
		}
		await expect(openByPassphrase({ routes, pins: newPins() }, `${passphrase}.`)).rejects.toMatchObject({ reason: "cannot_open" });
	});

	it("keeps what an item was, and restores a removed one", async () => {
		const { itemId } = await saveItem(vault, draft("Router", "first"));
		await saveItem(vault, { itemId, baseVersion: 1, content: apiKey("Router", "second") });
		expect(await removeItem(vault, itemId, 2)).toBe(true);
		expect(await names(vault)).not.toContain("Router");
		expect((await listItems(vault, "removed")).map(({ name }) => name)).toEqual(["Router"]);
		const past = await readPastVersions(vault, itemId);
		expect(past.map(({ version, secret, isDeleted }) => [version, secret.value, isDeleted])).toEqual([
			[3, "", true],
			[2, "second", false],
			[1, "first", false],
		]);
		await saveItem(vault, { itemId, baseVersion: 3, content: apiKey("Router", past[2]!.secret.value) });
		expect((await readSecret(vault, itemId)).value).toBe("first");
	});

	it("holds a value of 1 MB and takes it back in pages", async () => {
		const large = "x".repeat(1_000_000);
		await saveItems(vault, [draft("Large 1", large), draft("Large 2", large), draft("Large 3", large), draft("Large 4", large)]);
		const other = await openByPassphrase({ routes, pins: newPins() }, passphrase);
		expect(await names(other)).toEqual(await names(vault));
		const [stored] = (await listItems(other)).filter(({ name }) => name === "Large 3");
		expect((await readSecret(other, stored!.itemId)).value).toBe(large);
	});

	it("keeps both versions where two browsers change one item, and loses none of many written at once", async () => {
		const other = await openByPassphrase({ routes, pins: newPins() }, passphrase);
		const { itemId } = await saveItem(vault, draft("Shared", "base"));
		await other.refresh();
		const outcomes = await Promise.all([
			saveItem(vault, { itemId, baseVersion: 1, content: apiKey("Shared", "from one") }),
			saveItem(other, { itemId, baseVersion: 1, content: apiKey("Shared", "from the other") }),
		]);
		expect(outcomes.map(({ state }) => state).sort()).toEqual(["keptBoth", "saved"]);
		const storm = await Promise.all([
			...["a", "b", "c"].map((name) => saveItem(vault, draft(`Storm ${name}`, name)).catch((error: unknown) => error)),
			...["d", "e", "f"].map((name) => saveItem(other, draft(`Storm ${name}`, name)).catch((error: unknown) => error)),
		]);
		expect(storm).toEqual(storm.map(() => expect.objectContaining({ state: "saved" })));
		await vault.refresh();
		const shared = (await listItems(vault)).filter(({ name }) => name === "Shared");
		expect(await Promise.all(shared.map(async (item) => (await readSecret(vault, item.itemId)).value))).toEqual(
			expect.arrayContaining(["from one", "from the other"]),
		);
		expect(shared.map(({ conflictOf }) => conflictOf).sort()).toEqual([itemId, null].sort());
		expect((await names(vault)).filter((name) => name.startsWith("Storm"))).toHaveLength(6);
		expect(await removeItem(vault, itemId, 1)).toBe(false);
	});

	it("takes a new passphrase and a new recovery key, and the old ones open nothing", async () => {
		const renewed = await changePassphrase(vault, "eight towers and a bridge");
		await expect(openByPassphrase({ routes, pins: newPins() }, passphrase)).rejects.toMatchObject({ reason: "cannot_open" });
		await expect(openByRecoveryKey({ routes, pins: newPins() }, recoveryKey)).rejects.toMatchObject({ reason: "cannot_open" });
		const again = await openByRecoveryKey({ routes, pins: newPins() }, renewed.recoveryKey);
		({ recoveryKey } = await changePassphrase(again, passphrase));
		await expect(changePassphrase(vault, "a third, at the same time")).rejects.toMatchObject({ reason: "root" });
		await vault.refresh();
	});
});

describe("a device", () => {
	let paired: PairedDevice;
	let device: SignedInDevice;

	it("is let in after both codes were compared, and reads the vault without the passphrase", async () => {
		device = await signInDevice(bench, ada, "laptop");
		const codes: string[] = [];
		paired = await pairWith(asPerson(ada), vault, device, { onDevice: true, inBrowser: true, codes });
		expect(codes).toHaveLength(2);
		expect(codes[0]).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
		expect(new Set(codes).size).toBe(1);
		const ends = { routes: openVaultRoutes(device.http), pins: newPins() };
		const onDevice = await openByDevice(ends, paired.keys);
		expect(await names(onDevice)).toEqual(await names(vault));
		await saveItem(onDevice, draft("From the laptop", "written on the device"));
		await vault.refresh();
		expect(await names(vault)).toContain("From the laptop");
	});

	it("gets nothing when its owner says no, on either side", async () => {
		const other = await signInDevice(bench, ada, "other");
		await expect(pairWith(asPerson(ada), vault, other, { onDevice: false, inBrowser: true })).rejects.toMatchObject({ code: "cancelled" });
		await expect(pairWith(asPerson(ada), vault, other, { onDevice: true, inBrowser: false })).rejects.toMatchObject({ code: "cancelled" });
	});

	it("gets the sealed key once, and takes no step twice or out of order", async () => {
		const relayed = await signInDevice(bench, ada, "relay");
		const half = { publicKey: "A".repeat(43), nonce: "A".repeat(22) };
		const pairingId = newId();
		const opening = { pairingId, deviceId: relayed.deviceId, deviceName: "relay", commitment: "A".repeat(43) };
		const step = (http: VaultHttp, body: unknown) => http("POST", `/api/vault/relay/${pairingId}`, body).then(({ status }) => status);
		const browser = asPerson(ada);
		expect((await browser("POST", "/api/vault/relay", opening)).status).toBe(403);
		expect((await relayed.http("POST", "/api/vault/relay", { ...opening, deviceId: newId() })).status).toBe(403);
		expect((await relayed.http("POST", "/api/vault/relay", opening)).status).toBe(201);
		expect(await step(relayed.http, { step: "reveal", ...half })).toBe(409);
		expect(await step(relayed.http, { step: "answer", ...half })).toBe(409);
		expect(await step(asPerson(ben), { step: "answer", ...half })).toBe(409);
		expect((await asPerson(ben)("GET", "/api/vault/relay")).body).toEqual({ pairings: [] });
		expect(await step(browser, { step: "answer", ...half })).toBe(200);
		expect(await step(browser, { step: "answer", ...half })).toBe(409);
		expect(await step(browser, { step: "seal", sealed: "A".repeat(60) })).toBe(409);
		expect(await step(browser, { step: "reveal", ...half })).toBe(409);
		expect(await step(relayed.http, { step: "reveal", ...half })).toBe(200);
		expect(await step(browser, { step: "seal", sealed: "A".repeat(3000) })).toBe(400);
		expect(await step(browser, { step: "seal", sealed: "A".repeat(60) })).toBe(200);
		expect(await step(browser, { step: "seal", sealed: "B".repeat(60) })).toBe(409);
		expect((await browser("GET", "/api/vault/relay")).body).toEqual({ pairings: [] });
		const first = (await relayed.http("GET", "/api/vault/relay")).body as { pairings: { sealed: string }[] };
		expect(first.pairings.map(({ sealed }) => sealed)).toEqual(["A".repeat(60)]);
		expect((await relayed.http("GET", "/api/vault/relay")).body).toEqual({ pairings: [] });
	});

	it("may not give access to anybody: new keys, devices and passphrases are its owner's", async () => {
		const asDevice = openVaultRoutes(device.http);
		const { vault: header } = await asDevice.read();
		await expect(asDevice.addDevice({ wrap: header!.devices[0]! })).rejects.toMatchObject({ code: "unauthenticated" });
		await expect(asDevice.replaceRoot({ expectedRevision: header!.rootRevision, root: header!.root })).rejects.toMatchObject({
			code: "unauthenticated",
		});
		await expect(asDevice.remove({ vaultId: header!.vaultId })).rejects.toMatchObject({ code: "unauthenticated" });
		await rekeyVault(vault);
		const onDevice = await openByDevice({ routes: asDevice, pins: newPins() }, paired.keys);
		expect(onDevice.unlocked.userKeys.map(({ epoch }) => epoch)).toEqual([2, 1]);
	});

	it("is out at once when it is revoked, and the vault gets a new key at the next opening", async () => {
		const stays = await signInDevice(bench, ada, "desk");
		const desk = await pairWith(asPerson(ada), vault, stays);
		const revoked = await createDataClientFor(bench.context.configuration, ada.tokens.accessToken).rpc("revoke_devices", {
			of_device: device.deviceId,
		});
		expect(revoked.error).toBeNull();
		await expect(openVaultRoutes(device.http).read()).rejects.toMatchObject({ code: "unauthenticated" });
		expect((await routes.read()).vault).toMatchObject({ rekeyDue: true });
		const before = vault.unlocked.userKeys.length;
		const reopened = await openByPassphrase({ routes, pins: newPins() }, passphrase);
		await rekeyVault(reopened);
		expect((await routes.read()).vault).toMatchObject({ rekeyDue: false });
		expect(reopened.unlocked.userKeys).toHaveLength(before + 1);
		const onDesk = await openByDevice({ routes: openVaultRoutes(stays.http), pins: newPins() }, desk.keys);
		expect(await names(onDesk)).toEqual(await names(reopened));
		await vault.refresh();
	});

	it("writes nothing under keys that were replaced", async () => {
		const stale = await openByPassphrase({ routes, pins: newPins() }, passphrase);
		await rekeyVault(vault);
		await saveItem(stale, draft("After the new keys", "sealed anew"));
		await vault.refresh();
		const [item] = (await listItems(vault)).filter(({ name }) => name === "After the new keys");
		expect(vault.store.newest(item!.itemId)!.epoch).toBe(vault.unlocked.userKeys[0]!.epoch);
	});
});

describe("a server that lies", () => {
	it("is noticed when it goes back in time, leaves an item out, or swaps the vault", async () => {
		const http = asPerson(ada);
		const seen = new Map<string, Awaited<ReturnType<VaultHttp>>>();
		const recording: VaultHttp = async (method, target, body) => {
			const answer = await http(method, target, body);
			seen.set(target, answer);
			return answer;
		};
		await openByPassphrase({ routes: openVaultRoutes(recording), pins: newPins() }, passphrase);
		await saveItem(vault, draft("Newer", "than the replay"));
		const replaying: VaultHttp = async (method, target, body) =>
			(target.startsWith("/api/vault/items?") ? seen.get(target) : undefined) ?? http(method, target, body);
		const old = openVaultRoutes(replaying);
		await expect(openByPassphrase({ routes: old, pins }, passphrase)).rejects.toMatchObject({ reason: "rolled_back" });
		const cutting: VaultHttp = async (method, target, body) => {
			const answer = await http(method, target, body);
			const { items } = answer.body as { items?: unknown[] };
			return items === undefined ? answer : { ...answer, body: { ...(answer.body as object), items: items.slice(1) } };
		};
		const cut = openVaultRoutes(cutting);
		await expect(openByPassphrase({ routes: cut, pins: newPins() }, passphrase)).rejects.toMatchObject({ reason: "manifest_mismatch" });
		const endless: VaultHttp = async (method, target, body) => {
			const answer = await http(method, target.replace(/after=\d+/, "after=0"), body);
			return target.startsWith("/api/vault/items?") ? { ...answer, body: { ...(answer.body as object), more: true } } : answer;
		};
		const unending = openVaultRoutes(endless);
		await expect(openByPassphrase({ routes: unending, pins: newPins() }, passphrase)).rejects.toMatchObject({ reason: "malformed" });
		const strange = newPins();
		strange.kept.set(vault.unlocked.place.userId, { vaultId: newId(), epoch: 1, counter: 1 });
		await expect(openByPassphrase({ routes, pins: strange }, passphrase)).rejects.toMatchObject({ reason: "other_vault" });
	});
});

describe("the vault's routes", () => {
	it("answer nobody without a session, no other site, and no page that speaks for a device", async () => {
		const anonymous = vaultHttp(bench, { origin: origin() });
		expect((await anonymous("GET", "/api/vault")).status).toBe(401);
		const foreign = vaultHttp(bench, { origin: "https://evil.example", cookie: ada.cookieHeader });
		expect((await foreign("POST", "/api/vault/changes", {})).status).toBe(403);
		expect((await vaultHttp(bench, { cookie: ada.cookieHeader })("DELETE", "/api/vault", {})).status).toBe(403);
		const { http } = await signInDevice(bench, ada, "page");
		expect((await http("GET", "/api/vault")).status).toBe(200);
		expect((await vaultHttp(bench, { origin: origin(), authorization: "Bearer a.b.c" })("GET", "/api/vault")).status).toBe(403);
		expect((await vaultHttp(bench, { authorization: "Bearer a.b.c" })("GET", "/api/vault")).status).toBe(401);
	});

	it("refuse bodies that are too large, no JSON, or not what they take", async () => {
		const headers = { origin: origin(), cookie: ada.cookieHeader };
		expect((await callVaultRoute(bench, "POST", "/api/vault/changes", headers, "x".repeat(2_000_000))).status).toBe(413);
		expect((await callVaultRoute(bench, "POST", "/api/vault/changes", headers, "{")).status).toBe(400);
		expect((await callVaultRoute(bench, "POST", "/api/vault/changes", headers, { items: [] })).status).toBe(400);
		expect((await callVaultRoute(bench, "GET", "/api/vault/items/nonsense", headers, undefined)).status).toBe(404);
	});

	it("show one person nothing of another's vault, by the tables neither", async () => {
		expect((await openVaultRoutes(asPerson(ben)).read()).vault).toBeNull();
		const [item] = vault.store.items;
		expect((await openVaultRoutes(asPerson(ben)).history(item!.itemId, null)).versions).toEqual([]);
		const data = createDataClientFor(bench.context.configuration, ben.tokens.accessToken);
		for (const table of ["vaults", "vault_epochs", "vault_devices", "vault_item_versions", "vault_items"]) {
			expect((await data.from(table).select()).data).toEqual([]);
			expect((await data.from(table).delete().not("user_id", "is", null)).error?.code).toBe("42501");
		}
		expect((await data.from("vault_pairings").select()).error?.code).toBe("42501");
		const own = createDataClientFor(bench.context.configuration, ada.tokens.accessToken);
		expect((await own.from("vaults").select("id")).data).toEqual([{ id: vault.unlocked.place.vaultId }]);
		expect((await own.from("vaults").update({ counter: 1 }).not("id", "is", null)).error?.code).toBe("42501");
	});

	it("work through accounts only: without its key the functions refuse their owner too", async () => {
		const own = createDataClientFor(bench.context.configuration, ada.tokens.accessToken);
		for (const [name, values] of [
			["vault_read", {}],
			["vault_write", { items: [], manifest: {} }],
			["vault_remove", { vault_id: vault.unlocked.place.vaultId }],
		] as const) {
			expect((await own.rpc(name, { portal_key: "x".repeat(40), ...values })).error?.code).toBe("42501");
		}
	});

	it("end with the session, although its token is still valid", async () => {
		const gone = await signedUp(bench, "gone@example.org");
		const http = asPerson(gone);
		expect((await http("GET", "/api/vault")).status).toBe(200);
		const { supabaseUrl, publishableKey } = bench.context.configuration;
		await fetch(`${supabaseUrl}/auth/v1/logout?scope=local`, {
			method: "POST",
			headers: { apikey: publishableKey, authorization: `Bearer ${gone.tokens.accessToken}` },
		});
		expect((await http("GET", "/api/vault")).status).toBe(401);
	});
});

describe("an enrolled second factor", () => {
	it("is proved before the vault is thrown away or opened to somebody else", async () => {
		const email = "factor@example.org";
		const owner = await signedUp(bench, email);
		await owner.post(startTotp, { password: "correct horse battery" });
		const userId = decodeJwt(owner.tokens.accessToken).sub!;
		const factor = await readTotp(bench.context, userId, owner.tokens.accessToken);
		if (factor === null || factor === "unavailable") {
			throw new Error("There is no factor.");
		}
		const app = new TOTP({ secret: new Secret({ buffer: new Uint8Array(factor.secret).buffer }) });
		await owner.post(confirmTotp, { code: app.generate({ timestamp: Date.now() - 30_000 }) });
		const ends = { routes: openVaultRoutes(asPerson(owner)), pins: newPins() };
		const own = (await makeVault(ends, passphrase)).vault;

		const thief = new Visitor(bench);
		await thief.post(signIn, { email, password: "correct horse battery" });
		const stolen = openVaultRoutes(asPerson(thief));
		const needsFactor = { code: "forbidden", reason: "second_factor" };
		const { vaultId } = own.unlocked.place;
		await expect(stolen.remove({ vaultId })).rejects.toMatchObject(needsFactor);
		await expect(stolen.replaceRoot({ expectedRevision: 1, root: own.header.root })).rejects.toMatchObject(needsFactor);
		await thief.post(proveSecondFactor, { code: app.generate() });
		await stolen.remove({ vaultId });
	});
});

describe("the database", () => {
	it("holds no value, name or key in the clear", async () => {
		const dump = await dumpDatabase(bench);
		expect(dump).toContain("ada@example.org");
		expect(dump).toContain(vault.store.items[0]!.summary);
		const needles = ["sk-plain-0001", "Anthropic", "Türcode", "from the other", "written on the device", passphrase, recoveryKey];
		for (const needle of [...needles, recoveryKey.replaceAll("-", "")]) {
			expect(dump.includes(needle), needle).toBe(false);
			expect(dump.includes(Buffer.from(needle).toString("base64url")), needle).toBe(false);
		}
	});
});

describe("the end of a vault", () => {
	it("throws everything away, and a new one can be made", async () => {
		await routes.remove({ vaultId: vault.unlocked.place.vaultId });
		expect((await routes.read()).vault).toBeNull();
		const { vault: next } = await makeVault({ routes, pins: newPins() }, passphrase);
		await saveItem(next, draft("Again", "from the start"));
		expect(await names(next)).toEqual(["Again"]);
	});
});
