import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "./database/open-database.ts";
import { listen, stopListening } from "./http/listen.ts";
import { localPortalKey } from "./portal-key.ts";
import { client, confirm, join, password, signUp } from "./spawned/person.ts";
import { failLocal, type SpawnedLocal, spawnedSiteUrl, spawnLocal } from "./spawned/spawn-local.ts";

let stateDir: string;
let running: SpawnedLocal[];
beforeEach(async () => {
	stateDir = await mkdtemp(path.join(tmpdir(), "opta-supabase-"));
	running = [];
});
afterEach(async () => {
	await Promise.all(running.map((local) => local.kill()));
});

async function start(flags?: readonly string[]): Promise<SpawnedLocal> {
	const local = await spawnLocal(stateDir, flags);
	running.push(local);
	return local;
}

async function signIn(local: SpawnedLocal, email: string) {
	return client(local, local.secrets.publishableKey).auth.signInWithPassword({ email, password });
}

async function withDatabase(work: (database: Database) => Promise<unknown>): Promise<void> {
	const database = await openDatabase(path.join(stateDir, "supabase", "data"));
	try {
		await work(database);
	} finally {
		await database.close();
	}
}

describe("the embedded Supabase", () => {
	it("keeps people, keys, mails and what the owner named through a stop and a kill, and learns the door's new address", async () => {
		const one = await start();
		const ann = await join(one, "ann@example.org");
		const renaming = { portal_key: localPortalKey(one.secrets.secretKey), of_host: one.secrets.hostId, new_name: "Attic" };
		expect((await ann.api.rpc("rename_host", renaming)).data).toBe("renamed");
		expect(await one.stop()).toBe(0);

		const two = await start(["--door-url", "http://127.0.0.1:9999"]);
		expect(two.secrets).toEqual(one.secrets);
		expect((await signIn(two, "ann@example.org")).data.user?.id).toBe(ann.id);
		const asAnn = client(two, two.secrets.publishableKey, ann.accessToken);
		const { data } = await asAnn.from("hosts").select("name, owner_id, door_url");
		expect(data).toEqual([{ name: "Attic", owner_id: ann.id, door_url: "http://127.0.0.1:9999" }]);

		await signUp(two, "ben@example.org");
		await two.kill();

		const three = await start();
		const ben = await confirm(three, "ben@example.org");
		expect((await signIn(three, "ben@example.org")).data.user?.id).toBe(ben.id);
	});

	it("gives an address back when nobody confirmed it while its link was good", async () => {
		const one = await start();
		await join(one, "ann@example.org");
		const lost = await signUp(one, "ben@example.org");
		const again = await client(one, one.secrets.publishableKey).auth.signUp({ email: "ben@example.org", password });
		expect(again.error?.code).toBe("over_email_send_rate_limit");
		await one.stop();
		await withDatabase((database) =>
			database.driver.exec("update auth.users set confirmation_sent_at = confirmation_sent_at - interval '601 seconds'"),
		);

		const two = await start();
		const ben = await join(two, "ben@example.org");
		expect(ben.id).not.toBe(lost);
		expect((await signIn(two, "ann@example.org")).error).toBeNull();
	});

	it("keeps its owner when its secrets were made anew", async () => {
		const one = await start();
		const ann = await join(one, "ann@example.org");
		await one.stop();
		await rm(path.join(stateDir, "secrets.json"));
		const two = await start();
		expect(two.secrets.hostId).not.toBe(one.secrets.hostId);
		const operator = client(two, two.secrets.secretKey);
		expect((await operator.from("hosts").select("id, owner_id")).data).toEqual([{ id: two.secrets.hostId, owner_id: ann.id }]);
		expect((await operator.from("host_members").select("host_id, role")).data).toEqual([{ host_id: two.secrets.hostId, role: "owner" }]);
	});
});

describe("a folder", () => {
	const flags = (...more: string[]): string[] => [
		...["--state-dir", stateDir, "--port", "0", "--mailbox-port", "0", "--site-url", spawnedSiteUrl],
		...more,
	];

	it("is refused to a second process, which names the first", async () => {
		const one = await start();
		const { exitCode, stderr } = await failLocal(flags());
		expect(exitCode).toBe(1);
		expect(stderr).toBe(
			`Another process (pid ${one.process.pid}) already runs Supabase on ${path.join(stateDir, "supabase")}. Stop it, or choose another folder with --state-dir.\n`,
		);
		expect((await fetch(`${one.url}/healthz`)).status).toBe(200);
	});

	it("is left as it was when a port is taken", async () => {
		const other = createServer();
		const port = await listen(other, 0, "--port");
		for (const flag of ["--port", "--mailbox-port"]) {
			const { exitCode, stderr } = await failLocal(flags(flag, String(port)));
			expect(exitCode).toBe(1);
			expect(stderr).toBe(`Port ${port} is taken. Free it, or choose another with ${flag}.\n`);
		}
		await stopListening(other, 0);
		await start();
	});

	it.each([
		["flags that are missing", () => [], /^--state-dir is missing/],
		["secrets that are damaged", () => flags(), /secrets\.json is damaged/],
	])("gives one line for %s", async (_what, args, message) => {
		await writeFile(path.join(stateDir, "secrets.json"), "{");
		const { exitCode, stderr } = await failLocal(args());
		expect(exitCode).toBe(1);
		expect(stderr).toMatch(message);
		expect(stderr.trim().split("\n")).toHaveLength(1);
	});
});

describe("the process", () => {
	it("ends by itself when whoever started it is gone", async () => {
		const local = await start();
		const ended = once(local.process, "exit");
		local.process.disconnect();
		expect((await ended)[0]).toBe(0);
	});

	it("answers loopback names only, no browsers, and serves nothing but the two interfaces", async () => {
		const { url, mailboxUrl, secrets } = await start();
		const apikey = secrets.publishableKey;
		const get = async (address: string, headers: Record<string, string> = {}) => {
			return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
				request(address, { headers }, (response) => {
					let body = "";
					response.setEncoding("utf8").on("data", (text: string) => {
						body += text;
					});
					response.on("end", () => resolve({ status: response.statusCode, body }));
				})
					.on("error", reject)
					.end();
			});
		};
		expect(await get(`${url}/healthz`)).toMatchObject({ status: 200, body: expect.stringContaining('"status":"ok"') });
		expect(await get(`${url}/auth/v1/health`, { apikey })).toMatchObject({ status: 200 });
		for (const address of [`${url}/healthz`, `${mailboxUrl}/`, `${mailboxUrl}/api/messages`]) {
			expect(await get(address, { host: "rebound.example" })).toMatchObject({ status: 403, body: expect.stringContaining("forbidden") });
		}
		expect(await get(`${url}/auth/v1/health`, { apikey, origin: "https://evil.example" })).toMatchObject({ status: 403 });
		for (const path of [
			"/",
			"/_system/config",
			"/_system/introspection",
			"/storage/v1/bucket",
			"/static/favicon.ico",
			"/rest/v1/../../_system",
		]) {
			expect(await get(`${url}${path}`, { apikey })).toMatchObject({ status: 404 });
		}
		const huge = await fetch(`${url}/auth/v1/signup`, { method: "POST", headers: { apikey }, body: "x".repeat(2 * 1024 * 1024 + 1) });
		expect(huge.status).toBe(413);
	});
});
