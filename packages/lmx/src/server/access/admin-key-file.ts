import { randomBytes } from "node:crypto";
import { chmod, open, readFile } from "node:fs/promises";

/** The admin key of this host. */
export interface AdminKey {
	readonly key: string;
	/** It was made just now: the one time to show it. */
	readonly isNew: boolean;
}

const keyPattern = /^opta-lmx-[\w-]{43}$/;

/** Reads the admin key, or makes one of 32 random bytes, in a file that only its owner reads. Rejects with a sentence for people. */
export async function readOrMakeAdminKey(file: string): Promise<AdminKey> {
	const key = `opta-lmx-${randomBytes(32).toString("base64url")}`;
	try {
		const handle = await open(file, "wx", 0o600);
		try {
			await handle.writeFile(`${key}\n`);
			await handle.sync();
		} finally {
			await handle.close();
		}
		return { key, isNew: true };
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
			throw error;
		}
	}
	const kept = (await readFile(file, "utf8")).trim();
	if (!keyPattern.test(kept)) {
		throw new Error(`The file ${file} holds no admin key. Delete it, and the next start makes a new one.`);
	}
	await chmod(file, 0o600);
	return { key: kept, isNew: false };
}
