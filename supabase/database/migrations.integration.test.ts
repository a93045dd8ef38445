import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { App, ensureHistoryTable } from "@supabase/lite";
import { parse } from "smol-toml";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { supabaseFolder } from "../settings/read-config.ts";
import { applyMigrations } from "./apply-migrations.ts";
import { backUpDataFolder } from "./data-folder-backup.ts";
import { type MigrationFile, readMigrationFiles } from "./migration-files.ts";
import { type Database, openDatabase } from "./open-database.ts";

const first: MigrationFile = { version: "20260101000000", name: "one", sql: "create table a (id int); insert into a values (1);" };
const second: MigrationFile = { version: "20260102000000", name: "two", sql: "alter table a add b text default 'x;y';" };
const broken: MigrationFile = {
	version: "20260103000000",
	name: "three",
	sql: "insert into a values (2); insert into nothing values (1);",
};

let folder: string;
let database: Database;
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), "opta-migrations-"));
	database = await openDatabase(path.join(folder, "data"));
	await ensureHistoryTable(database);
});
afterEach(() => database.close());

async function rows(text: string, of = database): Promise<unknown[]> {
	return (await of.driver.query(text)).rows;
}

describe("applyMigrations", () => {
	it("applies what is pending, in order and once, and keeps the Supabase CLI's record of it", async () => {
		const asked: string[] = [];
		const before = async (pending: MigrationFile): Promise<null> => {
			asked.push(pending.version);
			return null;
		};
		expect(await applyMigrations(database, [first], before)).toEqual([first.version]);
		expect(await applyMigrations(database, [first, second], before)).toEqual([second.version]);
		expect(await applyMigrations(database, [first, second], before)).toEqual([]);
		expect(asked).toEqual([first.version, second.version]);
		expect(await rows("select * from a")).toEqual([{ id: 1, b: "x;y" }]);
		expect(await rows("select version, name, statements from supabase_migrations.schema_migrations order by version")).toEqual([
			{ version: first.version, name: "one", statements: ["create table a (id int)", "insert into a values (1)"] },
			{ version: second.version, name: "two", statements: ["alter table a add b text default 'x;y'"] },
		]);
	});

	it("leaves nothing of a migration that fails, and says where the data from before is", async () => {
		await applyMigrations(database, [first], async () => null);
		const failing = applyMigrations(database, [first, second, broken], async () => "/srv/copy");
		await expect(failing).rejects.toThrow(/^Migration 20260103000000_three failed and was rolled back: .*nothing.*\/srv\/copy\.$/);
		expect(await rows("select id from a")).toEqual([{ id: 1 }]);
		expect(await rows("select version from supabase_migrations.schema_migrations order by version")).toEqual([
			{ version: first.version },
			{ version: second.version },
		]);
	});

	it("refuses a database of a newer build", async () => {
		await applyMigrations(database, [first, second], async () => null);
		await expect(applyMigrations(database, [first], async () => null)).rejects.toThrow(
			/has migration 20260102000000, which this build does not know/,
		);
	});
});

describe("backUpDataFolder", () => {
	it("makes copies that open with the data they had, and keeps the newest", async () => {
		await database.driver.exec("create table a (id int); insert into a values (1)");
		const backups = path.join(folder, "backups");
		const copies: string[] = [];
		for (const version of ["1", "2", "3"]) {
			await database.driver.exec("checkpoint");
			copies.push(await backUpDataFolder(path.join(folder, "data"), backups, version, 2));
			await database.driver.exec("insert into a values (2)");
		}
		expect(await readdir(backups)).toEqual(
			copies
				.slice(1)
				.map((copy) => path.basename(copy))
				.sort(),
		);
		const copy = await openDatabase(copies[1] ?? "");
		try {
			expect(await rows("select count(*)::int as count from a", copy)).toEqual([{ count: 2 }]);
		} finally {
			await copy.close();
		}
	});
});

describe("this repository's", () => {
	it("migrations and seed make a database whose first confirmed person owns the local host", async () => {
		await new App({
			connection: database,
			auth: { enabled: true, jwt_secret: "for this test only, nothing is signed" },
		}).ensureSystemSchema();
		const files = await readMigrationFiles(path.join(supabaseFolder, "migrations"));
		expect(await applyMigrations(database, files, async () => null)).toEqual(files.map(({ version }) => version));
		const seed = await readFile(path.join(supabaseFolder, "seed.sql"), "utf8");
		await database.driver.exec(seed);
		await database.driver.exec(seed);
		await database.driver.exec(`
			insert into auth.users (id, email) values (gen_random_uuid(), 'early@example.org');
			insert into auth.users (id, email, email_confirmed_at) values (gen_random_uuid(), 'ann@example.org', now());
			update auth.users set email_confirmed_at = now() where email = 'early@example.org'`);
		expect(await rows("select email from public.hosts join auth.users on users.id = hosts.owner_id")).toEqual([
			{ email: "ann@example.org" },
		]);
		expect(await rows("select host_members.role, email from public.host_members join auth.users on users.id = user_id")).toEqual([
			{ role: "owner", email: "ann@example.org" },
		]);
		// The host of an owner who has left is not for the next stranger.
		await database.driver.exec(`
			delete from auth.users where email = 'ann@example.org';
			insert into auth.users (id, email, email_confirmed_at) values (gen_random_uuid(), 'late@example.org', now())`);
		expect(await rows("select owner_id from public.hosts")).toEqual([{ owner_id: null }]);
		expect(await rows("select * from public.platform_admins")).toEqual([]);
	});

	it("config.toml is one that lite accepts as it is", async () => {
		const config: unknown = parse(await readFile(path.join(supabaseFolder, "config.toml"), "utf8"));
		const app = new App({ connection: database });
		expect(app.isValidConfig(config as Parameters<typeof app.isValidConfig>[0])).toBe(true);
		expect(app.isValidConfig({ auth: { site_url: 3 } } as unknown as Parameters<typeof app.isValidConfig>[0])).toBe(false);
	});
});
