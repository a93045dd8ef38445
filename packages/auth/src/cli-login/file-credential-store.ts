import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type CredentialStore, type DeviceCredential, deviceCredentialSchema } from "./credential.ts";
import { SignInError } from "./sign-in-error.ts";

/** A lock older than this was left by a process that died: a refresh takes seconds at most. */
const staleLockMs = 60_000;
const lockPollMs = 50;

function codeOf(error: unknown): string | undefined {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

async function isStale(lock: string): Promise<boolean> {
	try {
		return Date.now() - (await stat(lock)).mtimeMs > staleLockMs;
	} catch (error) {
		if (codeOf(error) === "ENOENT") {
			return true;
		}
		throw error;
	}
}

async function takeLock(lock: string): Promise<void> {
	const giveUpAt = Date.now() + staleLockMs + 5000;
	while (Date.now() < giveUpAt) {
		try {
			await mkdir(lock, { mode: 0o700 });
			return;
		} catch (error) {
			if (codeOf(error) !== "EEXIST") {
				throw error;
			}
		}
		if (await isStale(lock)) {
			await rm(lock, { recursive: true, force: true });
		} else {
			await delay(lockPollMs);
		}
	}
	throw new SignInError(`Another program holds ${lock}. End it, or remove that folder, and try again.`);
}

async function read(file: string): Promise<DeviceCredential | null> {
	let text: string;
	try {
		text = await readFile(file, "utf8");
	} catch (error) {
		if (codeOf(error) === "ENOENT") {
			return null;
		}
		throw error;
	}
	try {
		return deviceCredentialSchema.parse(JSON.parse(text));
	} catch {
		throw new SignInError(`The sign-in of this device in ${file} is damaged. Sign in again: opta account login`);
	}
}

/** Keeps a credential in a file with mode 0600, written whole or not at all. */
export function openFileCredentialStore(file: string): CredentialStore {
	return {
		read: () => read(file),
		async write(credential) {
			await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
			const draft = `${file}.${randomUUID()}`;
			try {
				const handle = await open(draft, "wx", 0o600);
				try {
					await handle.writeFile(`${JSON.stringify(credential, null, "\t")}\n`);
					await handle.sync();
				} finally {
					await handle.close();
				}
				await rename(draft, file);
				await chmod(file, 0o600);
			} finally {
				await rm(draft, { force: true });
			}
		},
		remove: () => rm(file, { force: true }),
		async exclusively(work) {
			await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
			const lock = `${file}.lock`;
			await takeLock(lock);
			try {
				return await work();
			} finally {
				await rm(lock, { recursive: true, force: true });
			}
		},
	};
}
