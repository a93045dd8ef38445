import { splitSqlStatements } from "@supabase/lite";
import { StartError } from "../start-error.ts";
import type { MigrationFile } from "./migration-files.ts";
import type { Database } from "./open-database.ts";

/** What to do before the first of several pending migrations; the answer tells where the copy of the data is, if there is one. */
export type BeforeMigrations = (firstPending: MigrationFile) => Promise<string | null>;

async function appliedVersions(database: Database): Promise<ReadonlySet<string>> {
	const { rows } = await database.driver.query<{ version: string }>("select version from supabase_migrations.schema_migrations");
	return new Set(rows.map((row) => row.version));
}

/**
 * Applies the migrations that the database has not had, in order, each in one transaction with its row in
 * `supabase_migrations.schema_migrations` (the Supabase CLI's own table and columns). Answers their versions.
 * Throws `StartError` where one fails (that one leaves nothing behind) or the database is of a newer build.
 */
export async function applyMigrations(
	database: Database,
	files: readonly MigrationFile[],
	before: BeforeMigrations,
): Promise<readonly string[]> {
	const applied = await appliedVersions(database);
	const known = new Set(files.map((file) => file.version));
	const unknown = [...applied].filter((version) => !known.has(version)).sort();
	if (unknown.length > 0) {
		throw new StartError(
			`The database has migration ${unknown.at(-1)}, which this build does not know. Start the newer build, or choose another folder with --state-dir.`,
		);
	}
	const pending = files.filter((file) => !applied.has(file.version));
	const first = pending[0];
	if (first === undefined) {
		return [];
	}
	const backup = await before(first);
	for (const file of pending) {
		try {
			await database.driver.transaction(async (transaction) => {
				await transaction.exec(file.sql);
				await transaction.query("insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)", [
					file.version,
					file.name,
					splitSqlStatements(file.sql),
				]);
			});
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			const rest = backup === null ? "" : ` The data from before is in ${backup}.`;
			throw new StartError(`Migration ${file.version}_${file.name} failed and was rolled back: ${reason}.${rest}`);
		}
	}
	return pending.map((file) => file.version);
}
