import { z } from "zod";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";
import type { SecretStore } from "./secret-store.ts";

const contentSchema = z.record(z.string(), z.string());

/** Keeps secrets in one file with mode 0600: for computers without a keychain, and less safe than one. */
export function openFileStore(file: string): SecretStore {
	const readAll = async (): Promise<Record<string, string>> => contentSchema.parse(JSON.parse((await readPrivateFile(file)) ?? "{}"));
	const writeAll = (all: Record<string, string>): Promise<void> => writePrivateFile(file, `${JSON.stringify(all, null, "\t")}\n`);
	return {
		kind: "file",
		place: file,
		async read(account) {
			const all = await readAll();
			return Object.hasOwn(all, account) ? (all[account] ?? null) : null;
		},
		async write(account, secret) {
			await writeAll(Object.fromEntries([...Object.entries(await readAll()), [account, secret]]));
		},
		async remove(account) {
			const entries = Object.entries(await readAll());
			if (entries.some(([known]) => known === account)) {
				await writeAll(Object.fromEntries(entries.filter(([known]) => known !== account)));
			}
		},
	};
}
