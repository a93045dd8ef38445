import { randomUUIDv7 } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { client, join, type Person, signUp } from "./spawned/person.ts";
import { type SpawnedLocal, spawnLocal } from "./spawned/spawn-local.ts";

let local: SpawnedLocal;
/** Owner of the local host, and admin: the first with a confirmed address. */
let ann: Person;
/** Member of Ann's host. */
let ben: Person;
/** Owner of another host, and of nothing else. */
let cyd: Person;
/** Signed up and signed in, member of nothing. */
let dan: Person;
/** With the key that is in every site, and no person. */
let nobody: SupabaseClient;
/** With the secret key, which no site has. */
let operator: SupabaseClient;

let annsHost: string;
const cydsHost = randomUUIDv7();
const tables = ["profiles", "platform_admins", "hosts", "host_members"] as const;

beforeAll(async () => {
	local = await spawnLocal(await mkdtemp(path.join(tmpdir(), "opta-supabase-")));
	annsHost = local.secrets.hostId;
	nobody = client(local, local.secrets.publishableKey);
	operator = client(local, local.secrets.secretKey);
	await signUp(local, "early@example.org");
	ann = await join(local, "ann@example.org", { display_name: "Ann" });
	ben = await join(local, "ben@example.org");
	cyd = await join(local, "cyd@example.org");
	dan = await join(local, "dan@example.org");
	for (const { error } of [
		await operator.from("hosts").insert({ id: cydsHost, name: "Cyd's", owner_id: cyd.id }),
		await operator.from("host_members").insert([
			{ host_id: annsHost, user_id: ben.id, role: "user" },
			{ host_id: cydsHost, user_id: cyd.id, role: "owner" },
			{ host_id: cydsHost, user_id: ben.id, role: "viewer" },
		]),
	]) {
		expect(error).toBeNull();
	}
});

afterAll(() => local.stop());

/** One column of the rows that somebody sees, in order. */
async function seen(api: SupabaseClient, table: (typeof tables)[number], column: string): Promise<unknown[]> {
	const { data, error } = await api.from(table).select(column).order(column);
	expect(error).toBeNull();
	return ((data ?? []) as unknown as Record<string, unknown>[]).map((row) => row[column]);
}

const ids = (...people: Person[]): string[] => people.map(({ id }) => id).sort();

describe("nobody", () => {
	it.each(tables)("reads nothing of %s", async (table) => {
		const { data, error } = await nobody.from(table).select();
		expect(data).toBeNull();
		expect(error?.code).toBe("42501");
	});

	it.each(tables)("writes nothing to %s", async (table) => {
		for (const { error } of [
			await nobody.from(table).insert({ created_at: "2020-01-01" }),
			await nobody.from(table).update({ created_at: "2020-01-01" }).not("created_at", "is", null),
			await nobody.from(table).delete().not("created_at", "is", null),
		]) {
			expect(error?.code).toBe("42501");
		}
	});

	it("gets no answer without the key, or with a token that was made up", async () => {
		const url = `${local.url}/rest/v1/profiles?select=id`;
		const apikey = local.secrets.publishableKey;
		expect((await fetch(url)).status).toBe(401);
		expect((await fetch(url, { headers: { apikey: "sb_publishable_other" } })).status).toBe(401);
		const forged = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${ann.accessToken.split(".")[1]}.`;
		const tampered = `${ann.accessToken.slice(0, -4)}AAAA`;
		for (const token of [forged, tampered]) {
			expect((await fetch(url, { headers: { apikey, authorization: `Bearer ${token}` } })).status).toBe(401);
		}
	});
});

describe("profiles", () => {
	it("shows people their own, and admins everybody's", async () => {
		expect(await seen(dan.api, "profiles", "id")).toEqual([dan.id]);
		expect(await seen(ben.api, "profiles", "id")).toEqual([ben.id]);
		expect(await seen(ann.api, "profiles", "id")).toEqual(expect.arrayContaining(ids(ann, ben, cyd, dan)));
	});

	it("lets people change their own name and picture, and notes when", async () => {
		const { data: before } = await dan.api.from("profiles").select().single();
		const { data: after, error } = await dan.api
			.from("profiles")
			.update({ display_name: "Dan D.", picture_url: "https://pictures.example/dan.png" })
			.eq("id", dan.id)
			.select()
			.single();
		expect(error).toBeNull();
		expect(after).toMatchObject({ id: dan.id, display_name: "Dan D.", picture_url: "https://pictures.example/dan.png" });
		expect(Date.parse(after.updated_at)).toBeGreaterThan(Date.parse(before.updated_at));
	});

	it.each([
		["a member", () => ben],
		["an admin", () => ann],
	])("lets nobody change somebody else's (%s)", async (_who, person) => {
		const { data } = await person().api.from("profiles").update({ display_name: "Taken" }).eq("id", cyd.id).select();
		expect(data).toEqual([]);
		expect((await operator.from("profiles").select("display_name").eq("id", cyd.id).single()).data).toEqual({ display_name: "cyd" });
	});

	it.each([{ id: randomUUIDv7() }, { created_at: "2020-01-01" }, { updated_at: "2020-01-01" }])(
		"keeps %o from everybody",
		async (change) => {
			const { error } = await dan.api.from("profiles").update(change).eq("id", dan.id);
			expect(error?.code).toBe("42501");
		},
	);

	it.each([
		{ display_name: "" },
		{ display_name: " Dan" },
		{ display_name: "Dan\nAdmin" },
		{ display_name: "x".repeat(81) },
		{ picture_url: "javascript:alert(1)" },
		{ picture_url: "http://pictures.example/dan.png" },
	])("refuses %o", async (change) => {
		const { error } = await dan.api.from("profiles").update(change).eq("id", dan.id);
		expect(error?.code).toBe("23514");
	});

	it("cannot be made or removed through the API", async () => {
		expect((await dan.api.from("profiles").insert({ id: randomUUIDv7(), display_name: "Ghost" })).error?.code).toBe("42501");
		expect((await dan.api.from("profiles").delete().eq("id", dan.id)).error?.code).toBe("42501");
	});
});

describe("platform_admins", () => {
	it("tells people whether they are one", async () => {
		expect(await seen(ann.api, "platform_admins", "user_id")).toEqual([ann.id]);
		expect(await seen(ben.api, "platform_admins", "user_id")).toEqual([]);
	});

	it("tells admins who else is", async () => {
		expect((await operator.from("platform_admins").insert({ user_id: dan.id })).error).toBeNull();
		expect(await seen(ann.api, "platform_admins", "user_id")).toEqual(ids(ann, dan));
		expect((await operator.from("platform_admins").delete().eq("user_id", dan.id)).error).toBeNull();
		expect(await seen(dan.api, "platform_admins", "user_id")).toEqual([]);
	});

	it.each([
		["a member", () => ben],
		["an admin", () => ann],
	])("cannot be written through the API (%s)", async (_who, person) => {
		const { api, id } = person();
		expect((await api.from("platform_admins").insert({ user_id: ben.id })).error?.code).toBe("42501");
		expect((await api.from("platform_admins").upsert({ user_id: id })).error?.code).toBe("42501");
		expect((await api.from("platform_admins").update({ user_id: ben.id }).eq("user_id", ann.id)).error?.code).toBe("42501");
		expect((await api.from("platform_admins").delete().eq("user_id", ann.id)).error?.code).toBe("42501");
	});
});

describe("hosts", () => {
	it("are seen by members and admins only", async () => {
		expect(await seen(ben.api, "hosts", "id")).toEqual([annsHost, cydsHost].sort());
		expect(await seen(cyd.api, "hosts", "id")).toEqual([cydsHost]);
		expect(await seen(dan.api, "hosts", "id")).toEqual([]);
		expect(await seen(ann.api, "hosts", "id")).toEqual([annsHost, cydsHost].sort());
	});

	it.each([
		{ name: "Attic" },
		{ owner_id: null },
		{ door_url: "https://evil.example" },
		{ id: randomUUIDv7() },
		{ version: "9" },
		{ last_seen_at: "2020-01-01" },
		{ created_at: "2020-01-01" },
	])("keep %o from their owner", async (change) => {
		expect((await cyd.api.from("hosts").update(change).eq("id", cydsHost)).error?.code).toBe("42501");
	});

	it("cannot be made or removed through the API", async () => {
		for (const person of [ann, ben, cyd, dan]) {
			expect((await person.api.from("hosts").insert({ id: randomUUIDv7(), name: "New", owner_id: person.id })).error?.code).toBe("42501");
			expect((await person.api.from("hosts").delete().eq("id", cydsHost)).error?.code).toBe("42501");
		}
	});
});

describe("host_members", () => {
	it("show people their own memberships, and owners everybody's on their hosts", async () => {
		expect(await seen(ben.api, "host_members", "user_id")).toEqual([ben.id, ben.id]);
		expect(await seen(dan.api, "host_members", "user_id")).toEqual([]);
		expect(await seen(cyd.api, "host_members", "user_id")).toEqual(ids(ben, cyd));
		expect(await seen(ann.api, "host_members", "user_id")).toEqual(ids(ann, ben));
	});

	it("cannot be written through the API, by owners neither", async () => {
		for (const person of [ann, ben, cyd, dan]) {
			const { api, id } = person;
			expect((await api.from("host_members").insert({ host_id: annsHost, user_id: id, role: "owner" })).error?.code).toBe("42501");
			expect((await api.from("host_members").update({ role: "owner" }).eq("user_id", id)).error?.code).toBe("42501");
			expect((await api.from("host_members").delete().eq("user_id", ben.id)).error?.code).toBe("42501");
		}
	});
});

describe("what is private", () => {
	it.each(["private", "auth", "supabase_migrations"])("keeps the schema %s out of the API", async (schema) => {
		for (const api of [nobody, dan.api, ann.api, operator]) {
			expect((await api.schema(schema).from("local_setup").select()).error?.code).toBe("PGRST106");
		}
	});

	it.each(["set_up_local_host", "claim_local_host", "is_platform_admin", "create_profile"])("lets nobody call %s", async (name) => {
		for (const api of [nobody, dan.api]) {
			expect((await api.rpc(name)).error?.code).toBe("PGRST202");
			expect((await api.schema("private").rpc(name)).error?.code).toBe("PGRST106");
		}
	});
});

describe("many requests at once", () => {
	it("each run as their own person", async () => {
		const people = [ann, ben, cyd, dan];
		const asked = Array.from({ length: 48 }, (_, index) => people[index % people.length] ?? ann);
		const answers = await Promise.all(asked.map(({ api, id }) => api.from("profiles").select("id").eq("id", id)));
		expect(answers.map(({ data }) => data)).toEqual(asked.map(({ id }) => [{ id }]));
		const others = await Promise.all(asked.map(({ api }) => api.from("profiles").select("id").eq("id", cyd.id)));
		expect(others.map(({ data }) => data?.length)).toEqual(asked.map((person) => (person === cyd || person === ann ? 1 : 0)));
	});
});
