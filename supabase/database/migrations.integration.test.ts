import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureHistoryTable } from "@supabase/lite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyMigrations } from "./apply-migrations.ts";
import { backUpDataFolder } from "./data-folder-backup.ts";
import type { MigrationFile } from "./migration-files.ts";
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
