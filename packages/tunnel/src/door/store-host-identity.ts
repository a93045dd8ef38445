import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { HostIdentity } from "@opta/contracts/schema/host";

/** Replaces `host.json` of a state folder whole or not at all, readable by its user only. */
export async function storeHostIdentity(stateDir: string, identity: HostIdentity): Promise<void> {
	const file = path.join(stateDir, "host.json");
	const draft = `${file}.${process.pid}`;
	try {
		const handle = await open(draft, "w", 0o600);
		try {
			await handle.writeFile(`${JSON.stringify(identity, null, "\t")}\n`);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(draft, file);
	} finally {
		await rm(draft, { force: true });
	}
}
