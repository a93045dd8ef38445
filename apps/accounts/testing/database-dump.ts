import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDatabase } from "../../../supabase/database/open-database.ts";
import type { AccountsBench } from "./accounts-bench.ts";

/** Every row of every table of the back end, as text: what somebody has who took a copy of the database. */
export async function dumpDatabase({ stateDir }: AccountsBench): Promise<string> {
	const copy = await mkdtemp(path.join(tmpdir(), "opta-dump-"));
	try {
		await cp(path.join(stateDir, "supabase", "data"), copy, { recursive: true });
		const database = await openDatabase(copy);
		try {
			const tables = await database.driver.query<{ name: string }>(
				`select format('%I.%I', table_schema, table_name) as name from information_schema.tables
				where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
			);
			const texts: string[] = [];
			for (const { name } of tables.rows) {
				const rows = await database.driver.query<{ text: string }>(`select row_to_json(one)::text as text from ${name} as one`);
				texts.push(`${name}\n${rows.rows.map(({ text }) => text).join("\n")}`);
			}
			return texts.join("\n");
		} finally {
			await database.close();
		}
	} finally {
		await rm(copy, { recursive: true, force: true });
	}
}
