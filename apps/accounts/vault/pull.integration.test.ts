import { mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createDataClientFor } from "@opta/auth/data-client";
import { makeVault, type OpenVault } from "@opta/vault/client/open-vault";
import { openVaultRoutes, type VaultHttp } from "@opta/vault/client/vault-http";
import { removeItem, saveItem } from "@opta/vault/client/write-items";
import type { ItemContent } from "@opta/vault/items/item-content";
import { readDeviceKeys, writeDeviceKeys } from "@opta/vault/pull/device-keys-store";
import type { Keyring } from "@opta/vault/pull/keychain-store";
import { openSecretStore } from "@opta/vault/pull/open-secret-store";
import { openPullState } from "@opta/vault/pull/pull-state";
import { type PullOptions, type PullReport, pullVault } from "@opta/vault/pull/pull-vault";
import type { SecretStore } from "@opta/vault/pull/secret-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { apiKey, newPins, pairWith, type SignedInDevice, signInDevice, vaultHttpOf } from "../testing/vault-bench.ts";
import { signedUp, type Visitor } from "../testing/visitor.ts";

let bench: AccountsBench;
let ada: Visitor;
let vault: OpenVault;
let device: SignedInDevice;
let folder: string;
let options: PullOptions;

/** A keychain as the operating system's: entries by service and account, with a longest value as on Windows. */
function fakeKeyring(): { readonly entries: Map<string, string>; readonly load: () => Promise<Keyring> } {
	const entries = new Map<string, string>();
	class AsyncEntry {
		readonly #key: string;
		constructor(service: string, account: string) {
			this.#key = `${service} ${account}`;
		}
		getPassword = async () => entries.get(this.#key) ?? null;
		setPassword = async (secret: string) => {
			if (secret.length > 2560) {
				throw new Error(`Attribute 'password' is longer than platform limit: ${secret}`);
			}
			entries.set(this.#key, secret);
		};
		deletePassword = async () => entries.delete(this.#key);
	}
	return { entries, load: async () => ({ AsyncEntry }) };
}

const keyring = fakeKeyring();

async function save(content: ItemContent, itemId: string | null = null, baseVersion = 0): Promise<string> {
	return (await saveItem(vault, { itemId, baseVersion, content })).itemId;
}

const pull = (changes: Partial<PullOptions> = {}): Promise<PullReport> => pullVault({ ...options, ...changes });

beforeAll(async () => {
	bench = await startAccountsBench();
	ada = await signedUp(bench, "ada@example.org");
	const http = vaultHttpOf(bench, ada);
	({ vault } = await makeVault({ routes: openVaultRoutes(http), pins: newPins() }, "seven tall towers and a moat"));
	device = await signInDevice(bench, ada, "laptop");
	const paired = await pairWith(http, vault, device);
	folder = await mkdtemp(path.join(tmpdir(), "opta-pull-"));
	const store = await openSecretStore(device.userId, path.join(folder, "secrets.json"), keyring.load);
	await writeDeviceKeys(store, paired.keys);
	const state = openPullState(path.join(folder, "vault.json"));
	await state.write({ pin: paired.pin, pulled: [] });
	options = { http: device.http, keys: (await readDeviceKeys(store))!, store, state };
});

afterAll(() => bench.stop());

describe("vault.pull", () => {
	const ids: Record<string, string> = {};

	it("brings the keys to the keychain, and names what changed, never a secret", async () => {
		ids.anthropic = await save(apiKey("Anthropic", "sk-one"));
		ids.mistral = await save(apiKey("Mistral", "sk-two"));
		await save({ ...apiKey("Bank", "not a key"), summary: { ...apiKey("Bank", "").summary, kind: "login" } });
		const tried = await pull({ isDryRun: true });
		expect(tried).toMatchObject({ outcome: "pulled", isDryRun: true, added: ["Anthropic", "Mistral"] });
		expect([...keyring.entries.values()]).not.toContain("sk-one");
		const report = await pull();
		expect(report).toMatchObject({ added: ["Anthropic", "Mistral"], changed: [], store: { kind: "keychain" } });
		expect(keyring.entries.get(`opta.vault/${device.userId} item Anthropic`)).toBe("sk-one");
		expect([...keyring.entries.values()]).not.toContain("not a key");
		expect(await pull()).toMatchObject({ added: [], changed: [], removed: [], unchanged: ["Anthropic", "Mistral"] });
		expect(JSON.stringify([tried, report])).not.toMatch(/sk-/);
		expect(await readFile(path.join(folder, "vault.json"), "utf8")).not.toMatch(/sk-/);
	});

	it("follows changes, removals, new names, two of the same name, and what somebody changed in the keychain", async () => {
		await save(apiKey("Anthropic", "sk-new"), ids.anthropic!, 1);
		await removeItem(vault, ids.mistral!, 1);
		await save(apiKey("Twice", "first"));
		const second = await save(apiKey("Twice", "second"));
		const suffixed = `Twice (${second.slice(-6)})`;
		expect(await pull()).toMatchObject({ added: ["Twice", suffixed], changed: ["Anthropic"], removed: ["Mistral"] });
		expect(keyring.entries.has(`opta.vault/${device.userId} item Mistral`)).toBe(false);
		keyring.entries.set(`opta.vault/${device.userId} item Anthropic`, "spoilt");
		await save(apiKey("Claude", "sk-new"), ids.anthropic!, 2);
		expect(await pull()).toMatchObject({ added: ["Claude"], removed: ["Anthropic"], unchanged: ["Twice", suffixed] });
	});

	it("names what the keychain does not take, without the secret, and brings the rest", async () => {
		const long = "L".repeat(3000);
		const itemId = await save(apiKey("Long", long));
		await save(apiKey("Short", "fits"));
		const report = await pull();
		expect(report).toMatchObject({ added: ["Short"], failed: [{ name: "Long" }] });
		expect(JSON.stringify(report)).not.toContain("LLLL");
		await removeItem(vault, itemId, 1);
	});

	it("changes nothing without a connection", async () => {
		const before = new Map(keyring.entries);
		const offline: VaultHttp = async () => {
			throw new TypeError("fetch failed");
		};
		expect(await pull({ http: offline })).toMatchObject({ outcome: "offline", added: [], removed: [] });
		expect(keyring.entries).toEqual(before);
	});

	it("changes nothing for a server that goes back in time", async () => {
		const before = new Map(keyring.entries);
		const answers = new Map<string, Awaited<ReturnType<VaultHttp>>>();
		const recording: VaultHttp = async (method, target, body) => {
			const answer = await device.http(method, target, body);
			answers.set(`${method} ${target}`, answer);
			return answer;
		};
		await pull({ http: recording });
		await save(apiKey("Later", "sk-later"));
		await pull();
		keyring.entries.delete(`opta.vault/${device.userId} item Later`);
		const replayed: VaultHttp = async (method, target, body) => answers.get(`${method} ${target}`) ?? device.http(method, target, body);
		await expect(pull({ http: replayed })).rejects.toMatchObject({ reason: "rolled_back" });
		expect(keyring.entries).toEqual(before);
	});

	it("takes a file of this user where there is no keychain, and says so", async () => {
		const file = path.join(folder, "fallback", "secrets.json");
		const store: SecretStore = await openSecretStore(device.userId, file, async () => {
			throw new Error("no keychain");
		});
		const state = openPullState(path.join(folder, "fallback", "vault.json"));
		await state.write({ pin: (await options.state.read())!.pin, pulled: [] });
		const report = await pull({ store, state });
		expect(report.store).toEqual({ kind: "file", place: file });
		expect(report.added).toContain("Claude");
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect(JSON.parse(await readFile(file, "utf8"))["item Claude"]).toBe("sk-new");
	});

	it("fails once the device is revoked, and takes the copies away unless they are to be kept", async () => {
		const revoked = await createDataClientFor(bench.context.configuration, ada.tokens.accessToken).rpc("revoke_devices", {
			of_device: device.deviceId,
		});
		expect(revoked.error).toBeNull();
		const before = new Map(keyring.entries);
		expect(await pull({ whenRevoked: "keep" })).toMatchObject({ outcome: "revoked", removed: [] });
		expect(await pull({ isDryRun: true })).toMatchObject({ outcome: "revoked", removed: expect.arrayContaining(["Claude"]) });
		expect(keyring.entries).toEqual(before);
		expect(await pull()).toMatchObject({ outcome: "revoked", removed: expect.arrayContaining(["Claude", "Short"]) });
		expect(keyring.entries.size).toBe(0);
	});
});
