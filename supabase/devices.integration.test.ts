import { createHash, randomBytes, randomUUIDv7 } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPortalKey } from "./portal-key.ts";
import { client, join, type Person } from "./spawned/person.ts";
import { type SpawnedLocal, spawnLocal } from "./spawned/spawn-local.ts";

let local: SpawnedLocal;
let nobody: SupabaseClient;
let portal_key: string;
let ann: Person;
let ben: Person;

beforeAll(async () => {
	local = await spawnLocal(await mkdtemp(path.join(tmpdir(), "opta-devices-")));
	nobody = client(local, local.secrets.publishableKey);
	portal_key = localPortalKey(local.secrets.secretKey);
	ann = await join(local, "ann@example.org");
	ben = await join(local, "ben@example.org");
});

afterAll(() => local.stop());

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const thumbprint = (): string => randomBytes(32).toString("base64url");

async function call(api: SupabaseClient, name: string, values: Record<string, unknown>): Promise<unknown> {
	const { data, error } = await api.rpc(name, { portal_key, ...values });
	expect(error).toBeNull();
	return data;
}

interface Approved {
	readonly code: string;
	readonly challenge: string;
	readonly key: string;
}

async function approve(person: Person): Promise<Approved> {
	const approved = { code: randomBytes(32).toString("base64url"), challenge: thumbprint(), key: thumbprint() };
	await call(person.api, "approve_device_sign_in", {
		code_hash: hash(approved.code),
		challenge: approved.challenge,
		key_thumbprint: approved.key,
		device_name: "Laptop",
		device_kind: "cli",
	});
	return approved;
}

function redeem({ code, challenge, key }: Approved, device: string, token: string): Promise<unknown> {
	const values = { code_hash: hash(code), challenge, key_thumbprint: key, new_device: device, token_hash: hash(token) };
	return call(nobody, "redeem_device_sign_in", { ...values, place: "203.0.113.0/24", client: "opta 0.1" });
}

async function rotate(key: string, from: string, to: string): Promise<string> {
	const values = { old_hash: hash(from), new_hash: hash(to), key_thumbprint: key, place: null, client: null };
	const [row] = (await call(nobody, "rotate_device_token", values)) as { state: string }[];
	return row?.state ?? "";
}

describe("the functions of the portal", () => {
	it.each([
		["take_attempt", { attempt_keys: ["12345678"], most: [1], window_seconds: [60] }],
		["read_device", { of_device: randomUUIDv7() }],
		["end_own_device", { of_device: randomUUIDv7() }],
	])("answer nobody without the portal's key: %s", async (name, values) => {
		const { error } = await nobody.rpc(name, { portal_key: "guessed", ...values });
		expect(error?.code).toBe("42501");
	});

	it("keep the person's functions from somebody who is not signed in", async () => {
		for (const name of ["find_device_request", "answer_device_request", "approve_device_sign_in", "note_security_event"]) {
			const { error } = await nobody.rpc(name, { portal_key });
			expect(error).not.toBeNull();
		}
	});
});

describe("attempts", () => {
	it("are counted for every key, and the fullest window says how long to wait", async () => {
		const take = (keys: string[], most: number[]) =>
			call(nobody, "take_attempt", { attempt_keys: keys, most, window_seconds: keys.map(() => 60) });
		expect(await take(["account-a1", "address-a1"], [2, 10])).toBe(0);
		expect(await take(["account-a1", "address-a1"], [2, 10])).toBe(0);
		const wait = await take(["account-a1", "address-a1"], [2, 10]);
		expect(wait).toBeGreaterThan(50);
		expect(wait).toBeLessThanOrEqual(60);
		expect(await take(["account-b1", "address-a1"], [2, 10])).toBe(0);
	});

	it("let exactly as many of a crowd in as there is room", async () => {
		const waits = await Promise.all(
			Array.from({ length: 12 }, () => call(nobody, "take_attempt", { attempt_keys: ["crowd-001"], most: [5], window_seconds: [60] })),
		);
		expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
	});
});

describe("a device that signs in through the browser", () => {
	it("is made once, and ended when its code comes a second time", async () => {
		const approved = await approve(ann);
		const device = randomUUIDv7();
		expect(await redeem(approved, device, "first")).toBe("redeemed");
		expect(await call(nobody, "read_device", { of_device: device })).toMatchObject([{ user_id: ann.id, email: ann.email, name: "Laptop" }]);
		expect(await redeem(approved, randomUUIDv7(), "other")).toBe("repeated");
		expect(await call(nobody, "read_device", { of_device: device })).toEqual([]);
	});

	it("gets nothing with another challenge or another key, and the code is then worthless", async () => {
		const approved = await approve(ann);
		expect(await redeem({ ...approved, challenge: thumbprint() }, randomUUIDv7(), "x")).toBe("mismatch");
		expect(await redeem(approved, randomUUIDv7(), "x")).toBe("unknown");
	});

	it("is seen by its owner alone, and ended by its owner alone", async () => {
		const device = randomUUIDv7();
		await redeem(await approve(ann), device, "mine");
		expect((await ann.api.from("devices").select("id").eq("id", device)).data).toHaveLength(1);
		expect((await ben.api.from("devices").select("id").eq("id", device)).data).toEqual([]);
		expect((await ben.api.rpc("revoke_devices", { of_device: device })).data).toBe(0);
		expect((await ann.api.rpc("revoke_devices", { of_device: device })).data).toBe(1);
	});
});

describe("a device's token", () => {
	it("is replaced at every use; a lost answer may be asked for again, a copied token ends the device", async () => {
		const approved = await approve(ben);
		await redeem(approved, randomUUIDv7(), "t0");
		expect(await rotate(approved.key, "t0", "t1")).toBe("rotated");
		expect(await rotate(approved.key, "t0", "t1again")).toBe("rotated");
		expect(await rotate(approved.key, "t1", "stale")).toBe("unknown");
		expect(await rotate(approved.key, "t1again", "t2")).toBe("rotated");
		expect(await rotate(approved.key, "t2", "t3")).toBe("rotated");
		expect(await rotate(approved.key, "t1again", "t4")).toBe("reused");
		expect(await rotate(approved.key, "t3", "t5")).toBe("unknown");
	});

	it("ends the device when another key uses it", async () => {
		const approved = await approve(ben);
		await redeem(approved, randomUUIDv7(), "k0");
		expect(await rotate(thumbprint(), "k0", "k1")).toBe("reused");
		expect(await rotate(approved.key, "k0", "k1")).toBe("unknown");
	});
});

describe("a device without a browser", () => {
	const request = (key: string, deviceCode: string, userCode: string) =>
		call(nobody, "start_device_request", {
			...{ device_code_hash: hash(deviceCode), user_code_hash: hash(userCode), key_thumbprint: key },
			...{ device_name: "Server", device_kind: "daemon", place: null, client: null },
		});
	const poll = (key: string, deviceCode: string) =>
		call(nobody, "poll_device_request", {
			...{ device_code_hash: hash(deviceCode), key_thumbprint: key, new_device: randomUUIDv7(), token_hash: hash(`${deviceCode} token`) },
			...{ place: null, client: null },
		});

	it("waits, slows down, is approved once", async () => {
		const key = thumbprint();
		await request(key, "device-code-1", "BCDF-GHJK");
		expect(await poll(key, "device-code-1")).toBe("authorization_pending");
		expect(await poll(key, "device-code-1")).toBe("slow_down");
		expect(await call(ann.api, "find_device_request", { user_code_hash: hash("BCDF-GHJK") })).toMatchObject([{ device_name: "Server" }]);
		expect(await call(ann.api, "answer_device_request", { user_code_hash: hash("BCDF-GHJK"), approve: true })).toBe(true);
		expect(await call(ben.api, "answer_device_request", { user_code_hash: hash("BCDF-GHJK"), approve: true })).toBe(false);
		expect(await poll(thumbprint(), "device-code-1")).toBe("invalid_grant");
		expect(await poll(key, "device-code-1")).toBe("approved");
		expect(await poll(key, "device-code-1")).toBe("invalid_grant");
	});

	it("is told when it was refused", async () => {
		const key = thumbprint();
		await request(key, "device-code-2", "LMNP-QRST");
		await call(ann.api, "answer_device_request", { user_code_hash: hash("LMNP-QRST"), approve: false });
		expect(await poll(key, "device-code-2")).toBe("access_denied");
	});
});

describe("the security log", () => {
	it("is a chain that its person alone reads and nobody changes", async () => {
		await call(ann.api, "note_security_event", { event_kind: "password.changed", event_detail: { place: "here" } });
		const { data } = await ann.api.from("security_events").select("*").order("seq");
		const rows = data as { seq: number; kind: string; hash: string; previous_hash: string; user_id: string }[];
		expect(rows.at(-1)?.kind).toBe("password.changed");
		expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
		expect(rows.slice(1).map(({ previous_hash }) => previous_hash)).toEqual(rows.slice(0, -1).map(({ hash: each }) => each));
		expect(new Set(rows.map(({ user_id }) => user_id))).toEqual(new Set([ann.id]));
		const operator = client(local, local.secrets.secretKey);
		for (const { error } of [
			await ann.api.from("security_events").update({ kind: "nothing.happened" }).eq("user_id", ann.id),
			await ann.api.from("security_events").delete().eq("user_id", ann.id),
			await operator.from("security_events").delete().eq("user_id", ann.id),
		]) {
			expect(error).not.toBeNull();
		}
	});
});
