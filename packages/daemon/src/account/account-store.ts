import { readFile } from "node:fs/promises";
import { type CredentialStore, type DeviceCredential, deviceCredentialSchema } from "@opta/auth/cli-login/credential";
import { openFileCredentialStore } from "@opta/auth/cli-login/file-credential-store";
import { SignInError } from "@opta/auth/cli-login/sign-in-error";
import { parseJson } from "@opta/host-client/host-error";
import type { SecretStore } from "@opta/vault/pull/secret-store";
import { openComputerSecrets } from "../config/admin-key.ts";
import { homeFiles } from "../platform/home-files.ts";
import { writePrivateText } from "../platform/private-file.ts";
import { isMissing } from "../sessions/is-missing.ts";

/** Where the sign-in of this computer is kept, and in words for people. */
export interface AccountStore extends CredentialStore {
	readonly place: string;
}

const secretAccount = "account credential";
/** In the file beside a keychain: who is signed in, and nothing that opens anything. */
const openPartSchema = deviceCredentialSchema.pick({ issuer: true, deviceId: true, userId: true });
const secretPartSchema = deviceCredentialSchema.pick({ key: true, refreshToken: true });

async function readText(file: string): Promise<string | null> {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		if (isMissing(error)) {
			return null;
		}
		throw error;
	}
}

function keychainStore(file: string, secrets: SecretStore): AccountStore {
	const whole = openFileCredentialStore(file);
	return {
		place: secrets.place,
		async read(): Promise<DeviceCredential | null> {
			const text = await readText(file);
			if (text === null) {
				return null;
			}
			const body = parseJson(text);
			// Written where no keychain worked; the next refresh moves it.
			const old = deviceCredentialSchema.safeParse(body);
			if (old.success) {
				return old.data;
			}
			const open = openPartSchema.safeParse(body);
			const secret = secretPartSchema.safeParse(parseJson((await secrets.read(secretAccount)) ?? ""));
			if (!open.success || !secret.success) {
				throw new SignInError(`The sign-in of this computer is damaged (${file}, ${secrets.place}). Sign in again: opta account login`);
			}
			return { ...open.data, ...secret.data };
		},
		async write({ issuer, deviceId, userId, key, refreshToken }) {
			await secrets.write(secretAccount, JSON.stringify({ key, refreshToken }));
			await writePrivateText(file, `${JSON.stringify({ issuer, deviceId, userId }, null, "\t")}\n`);
		},
		async remove() {
			await secrets.remove(secretAccount);
			await whole.remove();
		},
		exclusively: (work) => whole.exclusively(work),
	};
}

/** Opens the sign-in of this computer: in the keychain, else in a file with mode 0600. */
export async function openAccountStore(home: string): Promise<AccountStore> {
	const file = homeFiles(home).account;
	const secrets = await openComputerSecrets(home);
	return secrets.kind === "keychain" ? keychainStore(file, secrets) : { ...openFileCredentialStore(file), place: file };
}
