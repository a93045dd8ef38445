import { readFileSync, statSync } from "node:fs";
import { z } from "zod";

const credentialSchema = z.object({ userId: z.string(), deviceId: z.string() });

/** Account and device of this computer. */
export type SignedInAccount = z.infer<typeof credentialSchema>;

/** Reads who is signed in from the credential that `opta account login` keeps: the two ids and nothing else. Null when nobody is. */
export function openSignedInAccount(file: string): () => SignedInAccount | null {
	let known: { stamp: string; account: SignedInAccount | null } | undefined;
	return () => {
		const stats = statSync(file, { throwIfNoEntry: false });
		const stamp = stats === undefined ? "-" : `${stats.mtimeMs}/${stats.size}/${stats.ino}`;
		if (known?.stamp !== stamp) {
			known = { stamp, account: stats === undefined ? null : readAccount(file) };
		}
		return known.account;
	};
}

function readAccount(file: string): SignedInAccount | null {
	try {
		return credentialSchema.parse(JSON.parse(readFileSync(file, "utf8")));
	} catch {
		// Removed at this moment, or damaged: the next command that needs the account says so.
		return null;
	}
}
