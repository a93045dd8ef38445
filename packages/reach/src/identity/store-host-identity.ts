import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { HostIdentity } from "@opta/contracts/schema/host";

/** Writes a draft beside `host.json`, readable by its user only, and puts it in place as `place` does. */
async function write(stateDir: string, identity: HostIdentity, place: (draft: string, file: string) => Promise<void>): Promise<void> {
	const file = hostIdentityFile(stateDir);
	const draft = `${file}.${randomUUID()}`;
	try {
		const handle = await open(draft, "wx", 0o600);
		try {
			await handle.writeFile(`${JSON.stringify(identity, null, "\t")}\n`);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await place(draft, file);
	} finally {
		await rm(draft, { force: true });
	}
}

/** Where the identity of a host lies. */
export function hostIdentityFile(stateDir: string): string {
	return path.join(stateDir, "host.json");
}

/** Replaces `host.json` of a state folder whole or not at all, readable by its user only. */
export function storeHostIdentity(stateDir: string, identity: HostIdentity): Promise<void> {
	return write(stateDir, identity, rename);
}

/** Writes the first `host.json` of a state folder, which is made where it is missing. @throws EEXIST where there is one, also of a moment ago */
export async function storeFirstHostIdentity(stateDir: string, identity: HostIdentity): Promise<void> {
	await mkdir(stateDir, { recursive: true, mode: 0o700 });
	await write(stateDir, identity, link);
}
