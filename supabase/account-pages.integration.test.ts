import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPortalKey } from "./portal-key.ts";
import { client, join, type Person, password } from "./spawned/person.ts";
import { type SpawnedLocal, spawnLocal } from "./spawned/spawn-local.ts";

let local: SpawnedLocal;
let nobody: SupabaseClient;
let portal_key: string;

beforeAll(async () => {
	local = await spawnLocal(await mkdtemp(path.join(tmpdir(), "opta-account-pages-")));
	nobody = client(local, local.secrets.publishableKey);
	portal_key = localPortalKey(local.secrets.secretKey);
});

afterAll(() => local.stop());

async function call(api: SupabaseClient, name: string, values: Record<string, unknown> = {}): Promise<unknown> {
	const { data, error } = await api.rpc(name, values);
	expect(error).toBeNull();
	return data;
}

const note = (api: SupabaseClient, client_: string) =>
	call(api, "note_session", { portal_key, place: "203.0.113.0/24", client: client_, way: "password" });

/** Another session of the same person. */
async function signInAgain(person: Person): Promise<{ api: SupabaseClient; refreshToken: string }> {
	const { data, error } = await client(local, local.secrets.publishableKey).auth.signInWithPassword({ email: person.email, password });
	expect(error).toBeNull();
	return { api: client(local, local.secrets.publishableKey, data.session!.access_token), refreshToken: data.session!.refresh_token };
}

async function canRefresh(refreshToken: string): Promise<boolean> {
	const { error } = await client(local, local.secrets.publishableKey).auth.refreshSession({ refresh_token: refreshToken });
	return error === null;
}

interface Row {
	readonly id: string;
	readonly client: string;
	readonly is_current: boolean;
}

describe("sessions", () => {
	it("are listed with place and client, and one of them can be ended", async () => {
		const ann = await join(local, "ann@example.org");
		await note(ann.api, "Firefox");
		const phone = await signInAgain(ann);
		await note(phone.api, "Phone");
		const rows = (await call(ann.api, "list_sessions")) as Row[];
		expect(rows.map(({ client: name, is_current }) => [name, is_current]).sort()).toEqual([
			["Firefox", true],
			["Phone", false],
		]);
		expect(await call(ann.api, "revoke_sessions", { of_session: rows.find(({ is_current }) => !is_current)!.id })).toBe(1);
		expect(await canRefresh(phone.refreshToken)).toBe(false);
		expect((await call(ann.api, "list_sessions")) as Row[]).toHaveLength(1);
	});

	it("of somebody else are neither seen nor ended", async () => {
		const [ben, cyd] = [await join(local, "ben@example.org"), await join(local, "cyd@example.org")];
		await note(ben.api, "Ben's");
		const [row] = (await call(ben.api, "list_sessions")) as Row[];
		expect(await call(cyd.api, "list_sessions")).toEqual([]);
		expect(await call(cyd.api, "revoke_sessions", { of_session: row!.id })).toBe(0);
		expect(await call(ben.api, "list_sessions")).toHaveLength(1);
	});
});

describe("an account that is to be deleted", () => {
	it("is signed out elsewhere at once, can be kept, and goes when its time has come", async () => {
		const dan = await join(local, "dan@example.org");
		const elsewhere = await signInAgain(dan);
		const due = Date.parse(String(await call(dan.api, "request_account_deletion", { portal_key })));
		expect(due - Date.now()).toBeGreaterThan(13 * 86_400_000);
		expect(await canRefresh(elsewhere.refreshToken)).toBe(false);
		expect(await call(nobody, "delete_due_accounts", { portal_key })).toBe(0);
		expect(await call(dan.api, "cancel_account_deletion", { portal_key })).toBe(true);
		expect((await dan.api.from("account_deletions").select()).data).toEqual([]);
		await call(dan.api, "request_account_deletion", { portal_key });
		const operator = client(local, local.secrets.secretKey);
		expect((await operator.from("account_deletions").update({ due_at: "2020-01-01" }).eq("user_id", dan.id)).error).toBeNull();
		expect(await call(nobody, "delete_due_accounts", { portal_key })).toBe(1);
		expect((await operator.from("profiles").select().eq("id", dan.id)).data).toEqual([]);
	});
});

describe("a right attempt", () => {
	it("is given back", async () => {
		const take = () => call(nobody, "take_attempt", { portal_key, attempt_keys: ["returned-1"], most: [1], window_seconds: [60] });
		expect(await take()).toBe(0);
		await call(nobody, "return_attempt", { portal_key, attempt_keys: ["returned-1"] });
		expect(await take()).toBe(0);
		expect(await take()).toBeGreaterThan(0);
	});
});
