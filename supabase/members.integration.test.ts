import { createHash, randomBytes, randomUUID, randomUUIDv7 } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "./database/open-database.ts";
import { localPortalKey } from "./portal-key.ts";
import { client, confirm, join, type Person, signUp } from "./spawned/person.ts";
import { type SpawnedLocal, spawnLocal } from "./spawned/spawn-local.ts";

let stateDir: string;
let local: SpawnedLocal;
let nobody: SupabaseClient;
/** With the secret key: sets the scene, which nobody else could. */
let root: SupabaseClient;
let portal_key: string;
let owner: Person;
let operator: Person;
let user: Person;
let viewer: Person;
/** Signed in, and no member of the host. */
let stranger: Person;
/** The host of this test, a new one for each. */
let host: string;

const people = (): Record<string, Person> => ({ owner, operator, user, viewer, stranger });

beforeAll(async () => {
	stateDir = await mkdtemp(path.join(tmpdir(), "opta-members-"));
	local = await spawnLocal(stateDir);
	nobody = client(local, local.secrets.publishableKey);
	root = client(local, local.secrets.secretKey);
	portal_key = localPortalKey(local.secrets.secretKey);
	// The first person is admin of the platform, which must not count here.
	await join(local, "admin@example.org");
	const arrive = (name: string) => join(local, `${name}@example.org`, { display_name: `The ${name}` });
	owner = await arrive("owner");
	operator = await arrive("operator");
	user = await arrive("user");
	viewer = await arrive("viewer");
	stranger = await arrive("stranger");
});

afterAll(() => local.stop());

beforeEach(async () => {
	host = randomUUIDv7();
	const members = Object.entries(people()).filter(([role]) => role !== "stranger");
	for (const { error } of [
		await root.from("hosts").insert({ id: host, name: "Study", owner_id: owner.id, door_url: "https://study.example.org" }),
		await root.from("host_members").insert(members.map(([role, { id }]) => ({ host_id: host, user_id: id, role }))),
	]) {
		expect(error).toBeNull();
	}
});

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const secret = (): string => randomBytes(32).toString("base64url");

/** What a function answers, or the code of its refusal. */
async function call(api: SupabaseClient, name: string, values: Record<string, unknown> = {}): Promise<unknown> {
	const { data, error } = await api.rpc(name, { portal_key, ...values });
	return error === null ? data : error.code;
}

async function roles(): Promise<Record<string, string>> {
	const { data } = await root.from("host_members").select("user_id,role").eq("host_id", host);
	const names = new Map(Object.entries(people()).map(([name, { id }]) => [id, name]));
	return Object.fromEntries((data ?? []).map((row) => [names.get(row.user_id) ?? row.user_id, row.role]));
}

/** The newest line of somebody's log. */
async function lastLine(person: Person): Promise<{ kind: string; detail: Record<string, unknown> }> {
	const { data } = await person.api.from("security_events").select("kind,detail").order("seq", { ascending: false }).limit(1).single();
	return data as never;
}

async function invite(values: Record<string, unknown>): Promise<string> {
	const id = randomUUIDv7();
	expect(await call(owner.api, "make_host_invite", { new_invite: id, of_host: host, of_role: "user", ...values })).toBe("made");
	return id;
}

async function revocations(): Promise<readonly string[]> {
	const rows = (await call(nobody, "list_pass_revocations", { of_host: host, assertion_id: randomUUID() })) as { sub: string }[];
	return rows.map(({ sub }) => sub).sort();
}

const ids = (...some: Person[]): string[] => some.map(({ id }) => id).sort();

/** Functions of the owner, with what they say to the owner. */
const ownersFunctions: readonly [string, () => Record<string, unknown>, unknown][] = [
	["rename_host", () => ({ of_host: host, new_name: "Attic" }), "renamed"],
	["change_member_role", () => ({ of_host: host, of_user: viewer.id, new_role: "operator" }), "changed"],
	["remove_host_member", () => ({ of_host: host, of_user: viewer.id }), "removed"],
	["hand_over_host", () => ({ of_host: host, to_user: operator.id }), "handed_over"],
	["revoke_host", () => ({ of_host: host }), "revoked"],
	["make_host_invite", () => ({ new_invite: randomUUIDv7(), of_host: host, of_role: "viewer", secret_hash: hash(secret()) }), "made"],
];

describe("what the owner of a host may do", () => {
	it.each(ownersFunctions)("%s is refused to everybody else, and changes nothing", async (name, values, answer) => {
		const before = await roles();
		for (const api of [operator.api, user.api, viewer.api, stranger.api]) {
			expect(await call(api, name, values())).toBe("42501");
		}
		expect(await call(nobody, name, values())).toBe("42501");
		const keyless = await owner.api.rpc(name, { ...values(), portal_key: "guessed" });
		expect(keyless.error?.code).toBe("42501");
		expect(await roles()).toEqual(before);
		expect(await call(owner.api, name, values())).toBe(answer);
	});

	it("withdraw_host_invite withdraws for the owner alone", async () => {
		const id = await invite({ email: "guest@example.org" });
		for (const api of [operator.api, user.api, viewer.api, stranger.api]) {
			expect(await call(api, "withdraw_host_invite", { of_invite: id })).toBe("gone");
		}
		expect(await call(nobody, "withdraw_host_invite", { of_invite: id })).toBe("42501");
		expect(await call(owner.api, "withdraw_host_invite", { of_invite: id })).toBe("withdrawn");
		expect(await call(owner.api, "withdraw_host_invite", { of_invite: id })).toBe("gone");
	});

	it("is not to be had by the API past the functions", async () => {
		expect((await owner.api.from("hosts").update({ name: "Attic" }).eq("id", host)).error?.code).toBe("42501");
		expect((await owner.api.from("host_members").delete().eq("host_id", host)).error?.code).toBe("42501");
		expect((await owner.api.schema("private").from("host_invites").select()).error?.code).toBe("PGRST106");
		for (const name of ["end_host", "lock_invite", "require_host_owner", "log_host_event"]) {
			expect((await owner.api.rpc(name)).error?.code).toBe("PGRST202");
		}
	});
});

describe("the members of a host", () => {
	const listed = async (person: Person): Promise<unknown> =>
		((await call(person.api, "list_host_members", { of_host: host })) as { role: string; email: string | null }[]).map((row) => [
			row.role,
			row.email,
		]);

	it("are seen by the owner with their addresses; others see themselves and the owner's name", async () => {
		expect(await listed(owner)).toEqual([
			["owner", "owner@example.org"],
			["operator", "operator@example.org"],
			["user", "user@example.org"],
			["viewer", "viewer@example.org"],
		]);
		expect(await listed(operator)).toEqual([
			["owner", null],
			["operator", "operator@example.org"],
		]);
		expect(await listed(viewer)).toEqual([
			["owner", null],
			["viewer", "viewer@example.org"],
		]);
		expect(await listed(stranger)).toEqual([]);
		expect(await call(nobody, "list_host_members", { of_host: host })).toBe("42501");
	});

	it("get another role, which is in both logs and ends their passes", async () => {
		expect(await call(owner.api, "change_member_role", { of_host: host, of_user: viewer.id, new_role: "user" })).toBe("changed");
		expect(await call(owner.api, "change_member_role", { of_host: host, of_user: viewer.id, new_role: "user" })).toBe("same");
		expect(await roles()).toMatchObject({ viewer: "user" });
		for (const person of [owner, viewer]) {
			expect(await lastLine(person)).toEqual({
				kind: "host.role_changed",
				detail: { host, name: "Study", person: "The viewer", before: "viewer", role: "user" },
			});
		}
		expect(await revocations()).toEqual(ids(viewer));
	});

	it("cannot be made owner by a role, and the owner has no other", async () => {
		expect(await call(owner.api, "change_member_role", { of_host: host, of_user: viewer.id, new_role: "owner" })).toBe("22023");
		expect(await call(owner.api, "change_member_role", { of_host: host, of_user: owner.id, new_role: "viewer" })).toBe("owner");
		expect(await call(owner.api, "change_member_role", { of_host: host, of_user: stranger.id, new_role: "viewer" })).toBe("gone");
		expect(await roles()).toEqual({ owner: "owner", operator: "operator", user: "user", viewer: "viewer" });
	});

	it("are removed or leave; the owner does neither", async () => {
		expect(await call(owner.api, "remove_host_member", { of_host: host, of_user: user.id })).toBe("removed");
		expect(await call(owner.api, "remove_host_member", { of_host: host, of_user: user.id })).toBe("gone");
		expect(await call(owner.api, "remove_host_member", { of_host: host, of_user: owner.id })).toBe("owner");
		expect(await lastLine(user)).toMatchObject({ kind: "host.member_removed" });
		expect(await call(operator.api, "leave_host", { of_host: host })).toBe("left");
		expect(await lastLine(owner)).toMatchObject({ kind: "host.left", detail: { person: "The operator" } });
		expect(await call(operator.api, "leave_host", { of_host: host })).toBe("gone");
		expect(await call(stranger.api, "leave_host", { of_host: host })).toBe("gone");
		expect(await call(owner.api, "leave_host", { of_host: host })).toBe("owner");
		expect(await call(nobody, "leave_host", { of_host: host })).toBe("42501");
		expect(await roles()).toEqual({ owner: "owner", viewer: "viewer" });
		expect(await revocations()).toEqual(ids(operator, user));
	});
});

describe("a host that is handed over", () => {
	it("belongs to the member, the former owner operates it; both take new passes, and invitations from before are over", async () => {
		const link = secret();
		await invite({ secret_hash: hash(link) });
		expect(await call(owner.api, "hand_over_host", { of_host: host, to_user: stranger.id })).toBe("gone");
		expect(await call(owner.api, "hand_over_host", { of_host: host, to_user: owner.id })).toBe("same");
		expect(await call(owner.api, "hand_over_host", { of_host: host, to_user: user.id })).toBe("handed_over");
		expect(await roles()).toEqual({ owner: "operator", operator: "operator", user: "owner", viewer: "viewer" });
		expect(await revocations()).toEqual(ids(owner, user));
		expect(await call(owner.api, "rename_host", { of_host: host, new_name: "Mine again" })).toBe("42501");
		expect(await call(user.api, "rename_host", { of_host: host, new_name: "Attic" })).toBe("renamed");
		expect(await call(stranger.api, "answer_host_invite", { accept: true, secret_hash: hash(link) })).toEqual([
			{ outcome: "over", host_id: null },
		]);
		expect(await lastLine(owner)).toMatchObject({ kind: "host.handed_over", detail: { by: "The owner", person: "The user" } });
	});

	it("goes to one of two at once, and only once", async () => {
		const answers = await Promise.all([
			call(owner.api, "hand_over_host", { of_host: host, to_user: user.id }),
			call(owner.api, "hand_over_host", { of_host: host, to_user: viewer.id }),
		]);
		expect(answers.sort()).toEqual(["42501", "handed_over"]);
		expect(Object.values(await roles()).filter((role) => role === "owner")).toHaveLength(1);
	});
});

describe("a host that is revoked", () => {
	it("has no owner, no members, no address and no invitations any more, and everybody's passes end", async () => {
		const link = secret();
		await invite({ secret_hash: hash(link) });
		expect(await call(owner.api, "revoke_host", { of_host: host })).toBe("revoked");
		expect(await roles()).toEqual({});
		expect(await revocations()).toEqual(ids(owner, operator, user, viewer));
		const { data } = await root.from("hosts").select("owner_id,door_url,lan_urls,revoked_at").eq("id", host).single();
		expect(data).toMatchObject({ owner_id: null, door_url: null, lan_urls: [], revoked_at: expect.any(String) });
		expect(await lastLine(viewer)).toEqual({ kind: "host.revoked", detail: { host, name: "Study", by: "The owner" } });
		expect(await lastLine(stranger)).not.toMatchObject({ detail: { host } });
		expect(await call(stranger.api, "find_host_invite", { secret_hash: hash(link) })).toEqual([]);
		expect(await call(owner.api, "revoke_host", { of_host: host })).toBe("42501");
	});

	it("is never the one of the platform's own machine, whose identity is written anew at each start", async () => {
		const { hostId } = local.secrets;
		await root.from("hosts").update({ owner_id: owner.id }).eq("id", hostId);
		expect(await call(owner.api, "revoke_host", { of_host: hostId })).toBe("local");
		expect((await root.from("hosts").select("revoked_at").eq("id", hostId).single()).data).toEqual({ revoked_at: null });
	});

	it("is what happens to the hosts of an owner whose account is deleted", async () => {
		const leaver = await join(local, "leaver@example.org", { display_name: "The leaver" });
		await root.from("hosts").update({ owner_id: leaver.id }).eq("id", host);
		await root.from("host_members").insert({ host_id: host, user_id: leaver.id, role: "owner" });
		await call(leaver.api, "request_account_deletion");
		expect((await root.from("account_deletions").update({ due_at: "2020-01-01" }).eq("user_id", leaver.id)).error).toBeNull();
		expect(await call(nobody, "delete_due_accounts")).toBe(1);
		const { data } = await root.from("hosts").select("owner_id,revoked_at").eq("id", host).single();
		expect(data).toMatchObject({ owner_id: null, revoked_at: expect.any(String) });
		expect(await roles()).toEqual({});
		expect(await lastLine(viewer)).toMatchObject({ kind: "host.revoked", detail: { by: "The leaver" } });
	});
});

describe("an invitation by link", () => {
	const answer = (person: Person, of: string, accept = true): Promise<unknown> =>
		call(person.api, "answer_host_invite", { accept, secret_hash: hash(of) });

	it("says who asks for what, is good for one person, and is in both logs", async () => {
		const link = secret();
		await invite({ secret_hash: hash(link), of_role: "viewer" });
		expect(await call(stranger.api, "find_host_invite", { secret_hash: hash(link) })).toMatchObject([
			{ host_name: "Study", role: "viewer", invited_by: "The owner", invited_by_email: "owner@example.org", is_member: false },
		]);
		expect(await answer(stranger, link)).toEqual([{ outcome: "joined", host_id: host }]);
		expect(await roles()).toMatchObject({ stranger: "viewer" });
		expect(await lastLine(owner)).toMatchObject({ kind: "host.joined", detail: { person: "The stranger", role: "viewer" } });
		expect(await lastLine(stranger)).toMatchObject({ kind: "host.joined" });
		const { data } = await root.from("host_members").select("invited_by").eq("host_id", host).eq("user_id", stranger.id).single();
		expect(data).toEqual({ invited_by: owner.id });
		const late = await join(local, "late@example.org");
		expect(await answer(late, link)).toEqual([{ outcome: "over", host_id: null }]);
	});

	it("opens for one of many at the same moment", async () => {
		const crowd = await Promise.all(Array.from({ length: 4 }, (_, index) => join(local, `crowd-${index}@example.org`)));
		const link = secret();
		await invite({ secret_hash: hash(link) });
		const answers = (await Promise.all(crowd.map((person) => answer(person, link)))) as { outcome: string }[][];
		expect(answers.map(([row]) => row?.outcome).sort()).toEqual(["joined", "over", "over", "over"]);
	});

	it("does not change the role of a member, and stays good for somebody else", async () => {
		const link = secret();
		await invite({ secret_hash: hash(link), of_role: "operator" });
		expect(await answer(viewer, link)).toEqual([{ outcome: "member", host_id: host }]);
		expect(await roles()).toMatchObject({ viewer: "viewer" });
		expect(await answer(stranger, link)).toMatchObject([{ outcome: "joined" }]);
	});

	it("is worth nothing when guessed, withdrawn, declined or without a session", async () => {
		const [guessed, withdrawn, declined, unsigned] = [secret(), secret(), secret(), secret()];
		const id = await invite({ secret_hash: hash(withdrawn) });
		await call(owner.api, "withdraw_host_invite", { of_invite: id });
		await invite({ secret_hash: hash(declined) });
		expect(await answer(user, declined, false)).toEqual([{ outcome: "declined", host_id: host }]);
		const open = await invite({ secret_hash: hash(unsigned) });
		expect(await call(nobody, "answer_host_invite", { accept: true, secret_hash: hash(unsigned) })).toBe("42501");
		expect(await call(nobody, "find_host_invite", { secret_hash: hash(unsigned) })).toBe("42501");
		// The id, which the owner's page knows, opens nothing; nor does the hash of nothing.
		expect(await call(stranger.api, "answer_host_invite", { accept: true, of_invite: open })).toMatchObject([{ outcome: "over" }]);
		expect(await call(stranger.api, "answer_host_invite", { accept: true })).toMatchObject([{ outcome: "over" }]);
		for (const link of [guessed, withdrawn, declined]) {
			expect(await answer(stranger, link)).toEqual([{ outcome: "over", host_id: null }]);
		}
		expect(await roles()).not.toHaveProperty("stranger");
	});
});

describe("an invitation to an address", () => {
	const own = (person: Person): Promise<unknown> => call(person.api, "list_own_invites");
	const answer = (person: Person, of_invite: string, accept = true): Promise<unknown> =>
		call(person.api, "answer_host_invite", { accept, of_invite });

	it("waits for whoever has proved the address, and for nobody else", async () => {
		const id = await invite({ email: "Stranger@Example.org", of_role: "operator" });
		expect(await own(stranger)).toMatchObject([{ id, host_name: "Study", role: "operator", invited_by: "The owner" }]);
		expect(await own(viewer)).toEqual([]);
		expect(await call(nobody, "list_own_invites")).toBe("42501");
		expect(await answer(viewer, id)).toMatchObject([{ outcome: "over" }]);
		expect(await answer(stranger, id)).toMatchObject([{ outcome: "joined" }]);
		expect(await roles()).toMatchObject({ stranger: "operator" });
		expect(await own(stranger)).toEqual([]);
	});

	it("can be made for one without an account, who finds it after the address was proved", async () => {
		const id = await invite({ email: "future@example.org" });
		await signUp(local, "future@example.org");
		const future = await confirm(local, "future@example.org");
		expect(await own(future)).toMatchObject([{ id }]);
		expect(await answer(future, id, false)).toMatchObject([{ outcome: "declined" }]);
		expect(await own(future)).toEqual([]);
		expect(await lastLine(owner)).toMatchObject({ kind: "host.invite_declined" });
	});

	it("is one for each address and host: the newest", async () => {
		await invite({ email: "twice@example.org", of_role: "viewer" });
		await invite({ email: "twice@example.org", of_role: "operator" });
		const open = (await call(owner.api, "list_host_invites", { of_host: host })) as { role: string; email: string }[];
		expect(open.map(({ role, email }) => [role, email])).toEqual([["operator", "twice@example.org"]]);
	});
});

describe("open invitations", () => {
	it("are listed for the owner alone, without their secrets, and there are twenty at most", async () => {
		for (let index = 0; index < 20; index++) {
			await invite({ secret_hash: hash(secret()) });
		}
		const more = { new_invite: randomUUIDv7(), of_host: host, of_role: "user", secret_hash: hash(secret()) };
		expect(await call(owner.api, "make_host_invite", more)).toBe("full");
		const open = (await call(owner.api, "list_host_invites", { of_host: host })) as Record<string, unknown>[];
		expect(open).toHaveLength(20);
		expect(Object.keys(open[0]!).sort()).toEqual(["created_at", "email", "expires_at", "host_id", "id", "invited_by", "role"]);
		for (const person of [operator, user, viewer, stranger]) {
			expect(await call(person.api, "list_host_invites", { of_host: host })).toEqual([]);
		}
		expect(await call(nobody, "list_host_invites", { of_host: host })).toBe("42501");
	});

	it.each([
		{ of_role: "owner", secret_hash: hash("x") },
		{ of_role: "admin", secret_hash: hash("x") },
		{ of_role: "user" },
		{ of_role: "user", secret_hash: hash("x"), email: "both@example.org" },
		{ of_role: "user", email: "two words@example.org" },
		{ of_role: "user", secret_hash: "no hash" },
	])("are not made of %o", async (values) => {
		expect(await call(owner.api, "make_host_invite", { new_invite: randomUUIDv7(), of_host: host, ...values })).toMatch(/^23514$/);
	});
});

describe("an invitation of a week ago", () => {
	it("opens nothing, and is not listed", async () => {
		const link = secret();
		await invite({ secret_hash: hash(link) });
		const id = await invite({ email: stranger.email });
		await local.stop();
		const database = await openDatabase(path.join(stateDir, "supabase", "data"));
		await database.driver.query("update private.host_invites set expires_at = now() - interval '1 second' where host_id = $1", [host]);
		await database.close();
		local = await spawnLocal(stateDir);
		const api = client(local, local.secrets.publishableKey, stranger.accessToken);
		expect(await call(api, "find_host_invite", { secret_hash: hash(link) })).toEqual([]);
		expect(await call(api, "answer_host_invite", { accept: true, secret_hash: hash(link) })).toMatchObject([{ outcome: "over" }]);
		expect(await call(api, "list_own_invites")).toEqual([]);
		expect(await call(api, "answer_host_invite", { accept: true, of_invite: id })).toMatchObject([{ outcome: "over" }]);
		expect(await call(client(local, local.secrets.publishableKey, owner.accessToken), "list_host_invites", { of_host: host })).toEqual([]);
	});
});
