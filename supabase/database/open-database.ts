import { createPgliteConnection, type PgliteConnection } from "@supabase/lite/pglite";

/** The embedded database: lite's connection with the PGlite instance as `driver`. */
export type Database = PgliteConnection;

/** The roles that the API takes on; hosted projects have them from the beginning. */
const createApiRoles = `
do $$
begin
	if not exists (select from pg_roles where rolname = 'anon') then
		create role anon nologin noinherit;
	end if;
	if not exists (select from pg_roles where rolname = 'authenticated') then
		create role authenticated nologin noinherit;
	end if;
	if not exists (select from pg_roles where rolname = 'service_role') then
		create role service_role nologin noinherit bypassrls;
	end if;
end
$$`;

/**
 * Opens the PGlite folder, creating the database where there is none.
 * Every commit reaches the operating system before it is acknowledged, so that a killed process loses nothing.
 */
export async function openDatabase(folder: string): Promise<Database> {
	const connection = await createPgliteConnection({ url: folder, pgliteOptions: { relaxedDurability: false } });
	await connection.driver.waitReady;
	await connection.driver.exec(createApiRoles);
	// At its first request lite grants everything on all tables to everybody, column by column grants of the migrations
	// included. Row level security is on everywhere, so its answer is known and the grants stay as they were written.
	Object.defineProperty(connection, "ensureRlsContext", { value: async () => true });
	return connection;
}
