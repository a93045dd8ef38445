import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** A file of `migrations/`, named as the Supabase CLI names them: `<14 digits of a time>_<name>.sql`. */
export interface MigrationFile {
	readonly version: string;
	readonly name: string;
	readonly sql: string;
}

/** Reads the migrations of a folder, oldest first. Other files in it are left alone. */
export async function readMigrationFiles(folder: string): Promise<readonly MigrationFile[]> {
	const files: MigrationFile[] = [];
	for (const fileName of (await readdir(folder)).sort()) {
		const match = /^(?<version>\d{14})_(?<name>.+)\.sql$/.exec(fileName);
		const { version, name } = match?.groups ?? {};
		if (version !== undefined && name !== undefined) {
			files.push({ version, name, sql: await readFile(path.join(folder, fileName), "utf8") });
		}
	}
	return files;
}
