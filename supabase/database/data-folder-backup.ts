import { constants } from "node:fs";
import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Copies the database folder to `<backups>/<time>-before-<version>` and removes all but the newest `keep` copies.
 * The database must be at rest: nothing may write to it while it is copied. Answers the copy's path.
 */
export async function backUpDataFolder(dataFolder: string, backupsFolder: string, version: string, keep: number): Promise<string> {
	await mkdir(backupsFolder, { recursive: true, mode: 0o700 });
	const time = new Date()
		.toISOString()
		.replaceAll(/[-:]/g, "")
		.replace(/\.\d+Z$/, "Z");
	const target = path.join(backupsFolder, `${time}-before-${version}`);
	// A name of its own until it is whole, so that a copy cut short is never taken for a backup.
	const draft = `${target}.unfinished`;
	await cp(dataFolder, draft, { recursive: true, mode: constants.COPYFILE_FICLONE, preserveTimestamps: true });
	await rename(draft, target);
	const all = (await readdir(backupsFolder)).sort();
	const unfinished = all.filter((name) => name.endsWith(".unfinished"));
	const whole = all.filter((name) => !name.endsWith(".unfinished"));
	for (const name of [...unfinished, ...whole.slice(0, -keep)]) {
		await rm(path.join(backupsFolder, name), { recursive: true, force: true });
	}
	return target;
}
