import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { client, confirm, confirmationLink, join, password, signUp } from "./spawned/person.ts";
import { type SpawnedLocal, spawnedSiteUrl, spawnLocal } from "./spawned/spawn-local.ts";

let local: SpawnedLocal;
beforeAll(async () => {
	local = await spawnLocal(await mkdtemp(path.join(tmpdir(), "opta-supabase-")));
});
afterAll(() => local.stop());

const operator = () => client(local, local.secrets.secretKey);
const nobody = () => client(local, local.secrets.publishableKey);

async function whoOwns() {
	const [hosts, members, admins] = await Promise.all([
		operator().from("hosts").select("id, owner_id"),
		operator().from("host_members").select("host_id, user_id, role"),
		operator().from("platform_admins").select("user_id"),
	]);
	return { hosts: hosts.data, members: members.data, admins: admins.data };
}

const unclaimed = () => ({ hosts: [{ id: local.secrets.hostId, owner_id: null }], members: [], admins: [] });

describe("a new platform", () => {
	it("has this machine's host, which nobody owns", async () => {
		expect(await whoOwns()).toEqual(unclaimed());
		const { data } = await operator().from("hosts").select("name, door_url").single();
		expect(data).toEqual({ name: expect.stringMatching(/\S/), door_url: "http://127.0.0.1:8788" });
	});

	it("takes no password that is too short", async () => {
		const { error } = await nobody().auth.signUp({ email: "short@example.org", password: "seven77" });
		expect(error?.code).toBe("weak_password");
	});

	it("gives nothing to who signed up but did not confirm, and does not let them in", async () => {
		await signUp(local, "early@example.org");
		expect(await whoOwns()).toEqual(unclaimed());
		const { error } = await nobody().auth.signInWithPassword({ email: "early@example.org", password });
		expect(error?.code).toBe("email_not_confirmed");
	});

	it("mails a link to accounts that works once", async () => {
		const link = await confirmationLink(local, "early@example.org");
		expect(link.origin).toBe(spawnedSiteUrl);
		expect(link.pathname).toBe("/auth/confirm");
		expect(Object.fromEntries(link.searchParams)).toEqual({ token_hash: expect.stringMatching(/^[0-9a-f]{64}$/), type: "signup" });
	});

	it("gives its host to one person only when two confirm at the same moment", async () => {
		await signUp(local, "late@example.org");
		const people = await Promise.all([confirm(local, "early@example.org"), confirm(local, "late@example.org")]);
		const { hosts, members, admins } = await whoOwns();
		expect(hosts).toHaveLength(1);
		const ownerId = hosts?.[0]?.owner_id;
		expect(people.map(({ id }) => id)).toContain(ownerId);
		expect(members).toEqual([{ host_id: local.secrets.hostId, user_id: ownerId, role: "owner" }]);
		expect(admins).toEqual([{ user_id: ownerId }]);
	});

	it("gives nothing to whoever comes after", async () => {
		const before = await whoOwns();
		await join(local, "third@example.org");
		expect(await whoOwns()).toEqual(before);
	});

	it("refuses a link that was used", async () => {
		const link = await confirmationLink(local, "third@example.org");
		const tokenHash = link.searchParams.get("token_hash") ?? "";
		const { error } = await nobody().auth.verifyOtp({ token_hash: tokenHash, type: "signup" });
		expect(error?.code).toBe("otp_expired");
	});
});

describe("the name of a new profile", () => {
	it.each([
		["as it was typed", "tidy", { display_name: "  Ann Lee " }, "Ann Lee"],
		["without what cannot be shown", "control", { display_name: "Ann\u0007\n\tLee" }, "Ann Lee"],
		["no longer than 80 characters", "long", { display_name: `${"a".repeat(79)} b` }, "a".repeat(79)],
		["from the address when it was empty", "empty.name", { display_name: " \n " }, "empty.name"],
		["from the address when there was none", "no.name", {}, "no.name"],
		["from the address when it is no text", "object", { display_name: { a: 1 } }, '{"a": 1}'],
	])("is taken %s", async (_how, name, data, expected) => {
		const id = await signUp(local, `${name}@example.org`, data);
		expect((await operator().from("profiles").select("display_name").eq("id", id).single()).data).toEqual({ display_name: expected });
	});
});
