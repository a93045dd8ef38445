import { createHash, randomBytes, randomUUID, randomUUIDv7 } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SupabaseClient } from "@supabase/supabase-js";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "./database/open-database.ts";
import { localHostKey } from "./local-host-key.ts";
import { localPortalKey } from "./portal-key.ts";
import { client, join, type Person } from "./spawned/person.ts";
import { type SpawnedLocal, spawnLocal } from "./spawned/spawn-local.ts";

let stateDir: string;
let local: SpawnedLocal;
let nobody: SupabaseClient;
let operator: SupabaseClient;
let portal_key: string;
/** Owner of the local host: the first with a confirmed address. */
let ann: Person;
let ben: Person;
let cyd: Person;

beforeAll(async () => {
	stateDir = await mkdtemp(path.join(tmpdir(), "opta-claims-"));
	local = await spawnLocal(stateDir);
	nobody = client(local, local.secrets.publishableKey);
	operator = client(local, local.secrets.secretKey);
	portal_key = localPortalKey(local.secrets.secretKey);
	ann = await join(local, "ann@example.org");
	ben = await join(local, "ben@example.org");
	cyd = await join(local, "cyd@example.org");
});

afterAll(() => local.stop());

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

async function call(api: SupabaseClient, name: string, values: Record<string, unknown>): Promise<unknown> {
	const { data, error } = await api.rpc(name, { portal_key, ...values });
	expect(error).toBeNull();
	return data;
}

interface Claim {
	readonly key: JWK;
	readonly thumbprint: string;
	readonly code: string;
	readonly userCode: string;
}

async function newKey(): Promise<JWK> {
	const { kty, crv, x, y } = await exportJWK((await generateKeyPair("ES256", { extractable: true })).publicKey);
	return { kty: kty ?? "", crv: crv ?? "", x: x ?? "", y: y ?? "" };
}

async function start(key?: JWK): Promise<Claim & { readonly began: unknown }> {
	const public_key = key ?? (await newKey());
	const claim = { key: public_key, thumbprint: await calculateJwkThumbprint(public_key), code: randomUUID(), userCode: randomUUID() };
	const began = await call(nobody, "start_host_claim", {
		...{ claim_code_hash: hash(claim.code), user_code_hash: hash(claim.userCode), host_name: "Attic", version: "0.1.0" },
		...{ public_key, place: "203.0.113.0/24", client: "opta" },
	});
	return { ...claim, began };
}

function answer(person: Person, { userCode }: Claim, approve = true): Promise<unknown> {
	return call(person.api, "answer_host_claim", { user_code_hash: hash(userCode), approve, new_host: randomUUIDv7() });
}

interface Polled {
	readonly state: string;
	readonly host_id: string;
	readonly host_name: string;
	readonly owner_name: string;
}

async function poll({ code, thumbprint }: Claim): Promise<Polled> {
	const rows = (await call(nobody, "poll_host_claim", { claim_code_hash: hash(code), key_thumbprint: thumbprint })) as Polled[];
	expect(rows).toHaveLength(1);
	return rows[0]!;
}

async function claimedBy(person: Person, key?: JWK): Promise<{ claim: Claim; hostId: string }> {
	const claim = await start(key);
	expect(await answer(person, claim)).toBe("claimed");
	return { claim, hostId: (await poll(claim)).host_id };
}

async function revoke(hostId: string): Promise<void> {
	const { error } = await operator.from("hosts").update({ revoked_at: new Date().toISOString() }).eq("id", hostId);
	expect(error).toBeNull();
}

describe("the functions of claims and presence", () => {
	it.each([
		["start_host_claim", ["claim_code_hash", "user_code_hash", "host_name", "version", "public_key", "place", "client"]],
		["poll_host_claim", ["claim_code_hash", "key_thumbprint"]],
		["read_host_state", ["of_host"]],
		["note_host_presence", ["of_host", "assertion_id", "version", "door_url", "lan_urls"]],
		["list_device_hosts", ["of_device"]],
		["find_host_claim", ["user_code_hash"]],
		["answer_host_claim", ["user_code_hash", "approve", "new_host"]],
	])("answer nobody without the portal's key: %s", async (name, parameters) => {
		const values = Object.fromEntries(parameters.map((parameter) => [parameter, null]));
		for (const api of [nobody, ben.api, operator]) {
			expect((await api.rpc(name, { ...values, portal_key: "guessed" })).error?.code).toBe("42501");
		}
	});

	it("keep the person's functions from somebody who is not signed in", async () => {
		const { userCode } = await start();
		for (const [name, values] of [
			["find_host_claim", {}],
			["answer_host_claim", { approve: true, new_host: randomUUIDv7() }],
		] as const) {
			expect((await nobody.rpc(name, { portal_key, user_code_hash: hash(userCode), ...values })).error?.code).toBe("42501");
		}
	});

	it("name a key as everybody else does (RFC 7638)", async () => {
		const claim = await start();
		expect(await call(ben.api, "find_host_claim", { user_code_hash: hash(claim.userCode) })).toMatchObject([
			{
				host_name: "Attic",
				version: "0.1.0",
				place: "203.0.113.0/24",
				key_thumbprint: claim.thumbprint,
				claim_code_hash: hash(claim.code),
			},
		]);
	});
});

describe("a host that is claimed", () => {
	it("waits, slows down, then has an owner who alone sees it and reads of it in the log", async () => {
		const claim = await start();
		expect((await poll(claim)).state).toBe("authorization_pending");
		expect((await poll(claim)).state).toBe("slow_down");
		expect(await answer(ben, claim)).toBe("claimed");
		const told = await poll(claim);
		expect(told).toMatchObject({ state: "claimed", host_name: "Attic", owner_name: "ben" });
		expect(await poll(claim)).toEqual(told);
		expect((await ben.api.from("hosts").select("name,owner_id,version,lan_urls").eq("id", told.host_id)).data).toEqual([
			{ name: "Attic", owner_id: ben.id, version: "0.1.0", lan_urls: [] },
		]);
		expect((await ben.api.from("host_members").select("user_id,role").eq("host_id", told.host_id)).data).toEqual([
			{ user_id: ben.id, role: "owner" },
		]);
		expect((await cyd.api.from("hosts").select("id").eq("id", told.host_id)).data).toEqual([]);
		expect((await ben.api.from("security_events").select("kind,detail").order("seq", { ascending: false }).limit(1)).data).toEqual([
			{ kind: "host.claimed", detail: { host: told.host_id, name: "Attic", version: "0.1.0", place: "203.0.113.0/24" } },
		]);
	});

	it("is told when it was refused, and tells nothing to another key or another code", async () => {
		const claim = await start();
		const other = await start();
		expect((await poll({ ...claim, thumbprint: other.thumbprint })).state).toBe("invalid_grant");
		expect((await poll({ ...claim, code: randomUUID() })).state).toBe("invalid_grant");
		expect(await answer(ben, claim, false)).toBe("denied");
		expect((await poll(claim)).state).toBe("access_denied");
		expect(await answer(ben, claim)).toBe("unknown");
		expect(await answer(ben, { ...claim, userCode: "never given" })).toBe("unknown");
	});

	it("belongs to exactly one of the people who approve at the same moment, with one code or with two", async () => {
		const key = await newKey();
		const [one, two] = [await start(key), await start(key)];
		const outcomes = await Promise.all([answer(ben, one), answer(cyd, one), answer(ann, two), answer(ben, two), answer(cyd, two)]);
		expect(outcomes.filter((outcome) => outcome === "claimed")).toHaveLength(1);
		expect(outcomes.filter((outcome) => outcome === "owned")).toHaveLength(4);
		const states = (await Promise.all([poll(one), poll(two)])).map(({ state }) => state);
		expect(states.sort()).toEqual(["claimed", "owned"]);
		const { data } = await operator.from("hosts").select("id").eq("public_key->>x", key.x);
		expect(data).toHaveLength(1);
	});

	it("answers the one who approves twice as the first time", async () => {
		const claim = await start();
		expect(await Promise.all([answer(ben, claim), answer(ben, claim)])).toEqual(["claimed", "claimed"]);
		expect((await operator.from("hosts").select("id").eq("public_key->>x", claim.key.x)).data).toHaveLength(1);
	});

	it("is not claimed a second time, until its owner revoked it; then it is another host", async () => {
		const { claim, hostId } = await claimedBy(ben);
		expect((await start(claim.key)).began).toBe(false);
		const second = { id: randomUUIDv7(), name: "Cellar", public_key: claim.key };
		expect((await operator.from("hosts").insert(second)).error?.code).toBe("23505");
		await revoke(hostId);
		expect((await poll(claim)).state).toBe("revoked");
		const again = await claimedBy(cyd, claim.key);
		expect(again.hostId).not.toBe(hostId);
		expect((await start(claim.key)).began).toBe(false);
	});

	it("gives its key free when its owner's account is gone, and lets in nobody whom that owner let in", async () => {
		const { claim, hostId } = await claimedBy(cyd);
		await operator.from("host_members").insert({ host_id: hostId, user_id: ben.id, role: "user" });
		await operator.from("hosts").update({ owner_id: null }).eq("id", hostId);
		const again = await claimedBy(ann, claim.key);
		expect((await operator.from("host_members").select("user_id").eq("host_id", again.hostId)).data).toEqual([{ user_id: ann.id }]);
		expect((await operator.from("host_members").select("user_id").eq("host_id", hostId)).data).toEqual([]);
	});

	it("is never the one of the embedded platform, which goes to the first person there", async () => {
		const { d: _, ...key } = localHostKey(local.secrets.secretKey);
		expect((await start(key)).began).toBe(false);
	});

	it("is not made of a key with its private half, or under a name that nobody can read", async () => {
		const values = { claim_code_hash: hash("a"), user_code_hash: hash("b"), version: "1", place: null, client: null, portal_key };
		const key = await newKey();
		const bad = [
			{ host_name: "Attic", public_key: { ...key, d: "secret" } },
			{ host_name: "At\ntic", public_key: key },
		];
		for (const each of bad) {
			expect((await nobody.rpc("start_host_claim", { ...values, ...each })).error?.code).toBe("23514");
		}
	});
});

describe("the presence of a host", () => {
	const note = (of_host: string, doorUrl: string | null, assertion_id = randomUUID()) =>
		call(nobody, "note_host_presence", {
			...{ of_host, assertion_id, version: "0.2.0", door_url: doorUrl },
			lan_urls: ["http://192.168.1.10:8789"],
		});

	it("is seen by its members, and no other column with it", async () => {
		const { hostId } = await claimedBy(ben);
		expect(await note(hostId, "https://one.example.org")).toBe("Attic");
		const columns = "version,door_url,lan_urls,last_seen_at";
		const { data } = await ben.api.from("hosts").select(columns).eq("id", hostId).single();
		expect(data).toMatchObject({ version: "0.2.0", door_url: "https://one.example.org", lan_urls: ["http://192.168.1.10:8789"] });
		expect(data?.last_seen_at).not.toBeNull();
		expect((await cyd.api.from("hosts").select(columns).eq("id", hostId)).data).toEqual([]);
		for (const change of [{ lan_urls: [] }, { revoked_at: null }, { public_key: {} }]) {
			expect((await ben.api.from("hosts").update(change).eq("id", hostId)).error?.code).toBe("42501");
		}
		await note(hostId, null);
		expect((await ben.api.from("hosts").select("door_url").eq("id", hostId)).data).toEqual([{ door_url: null }]);
	});

	it("takes an assertion once", async () => {
		const { hostId } = await claimedBy(ben);
		const assertion = randomUUID();
		await note(hostId, null, assertion);
		const again = { portal_key, of_host: hostId, assertion_id: assertion, version: "", door_url: null, lan_urls: [] };
		expect((await nobody.rpc("note_host_presence", again)).error?.code).toBe("23505");
	});

	it("never takes the address of the embedded platform's own host away", async () => {
		const { hostId } = local.secrets;
		await note(hostId, null);
		expect((await ann.api.from("hosts").select("door_url").eq("id", hostId)).data).toEqual([{ door_url: "http://127.0.0.1:8788" }]);
		await note(hostId, "https://tunnel.example.org");
		expect((await ann.api.from("hosts").select("door_url").eq("id", hostId)).data).toEqual([{ door_url: "https://tunnel.example.org" }]);
	});

	it("of a revoked host is not taken, and its host is seen by nobody and read as revoked", async () => {
		const { hostId } = await claimedBy(ben);
		await revoke(hostId);
		expect(await note(hostId, "https://two.example.org")).toBeNull();
		for (const person of [ann, ben]) {
			expect((await person.api.from("hosts").select("id").eq("id", hostId)).data).toEqual([]);
		}
		expect(await call(nobody, "read_host_state", { of_host: hostId })).toMatchObject([{ is_revoked: true }]);
	});
});

describe("the hosts of a device", () => {
	async function deviceOf(person: Person): Promise<string> {
		const code = { code_hash: hash(randomUUID()), challenge: randomBytes(32).toString("base64url"), key_thumbprint: "k".repeat(43) };
		const device = randomUUIDv7();
		await call(person.api, "approve_device_sign_in", { ...code, device_name: "Laptop", device_kind: "daemon" });
		const made = { ...code, new_device: device, token_hash: hash(randomUUID()), place: null, client: null };
		expect(await call(nobody, "redeem_device_sign_in", made)).toBe("redeemed");
		return device;
	}

	it("are those that its person may use now; a revoked host gives no role, even to who is still a member", async () => {
		const { hostId, claim } = await claimedBy(ben);
		const [mine, theirs] = [await deviceOf(ben), await deviceOf(cyd)];
		const listed = async (of_device: string) =>
			((await call(nobody, "list_device_hosts", { of_device })) as { id: string }[]).find(({ id }) => id === hostId);
		expect(await listed(mine)).toMatchObject({ name: "Attic", role: "owner", public_key: claim.key, lan_urls: [] });
		expect(await listed(theirs)).toBeUndefined();
		expect(await call(nobody, "read_device", { of_device: mine, at_host: hostId })).toMatchObject([{ role: "owner" }]);
		await revoke(hostId);
		expect(await listed(mine)).toBeUndefined();
		expect(await call(nobody, "read_device", { of_device: mine, at_host: hostId })).toMatchObject([{ user_id: ben.id, role: null }]);
		await ben.api.rpc("revoke_devices", { of_device: mine });
		expect(await call(nobody, "list_device_hosts", { of_device: mine })).toEqual([]);
	});
});

describe("a code whose time is over", () => {
	it("is not found, not answered and not polled with; what was claimed in time stays", async () => {
		const [late, claimed] = [await start(), await start()];
		expect(await answer(ben, claimed)).toBe("claimed");
		await local.stop();
		const database = await openDatabase(path.join(stateDir, "supabase", "data"));
		await database.driver.exec("update private.host_claims set expires_at = now() - interval '1 second'");
		await database.close();
		local = await spawnLocal(stateDir);
		nobody = client(local, local.secrets.publishableKey);
		const api = client(local, local.secrets.publishableKey, ben.accessToken);
		expect(await call(api, "find_host_claim", { user_code_hash: hash(late.userCode) })).toEqual([]);
		expect(await answer({ ...ben, api }, late)).toBe("unknown");
		expect((await poll(late)).state).toBe("expired_token");
		expect((await poll(claimed)).state).toBe("expired_token");
		expect((await start(claimed.key)).began).toBe(false);
	});
});
