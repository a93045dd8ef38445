import type { VaultPullResult } from "@opta/contracts/schema/daemon-status";
import type { HostResult } from "@opta/host-client/host-error";
import { connectDaemon } from "../daemon/connect-daemon.ts";
import type { CliContext } from "../program/cli-context.ts";
import type { Output } from "../terminal/output.ts";
import type { Account } from "./open-account.ts";

/** Lets the daemon bring the account's keys to this computer, with an access token for this one pull. */
export async function pullSecrets(
	context: CliContext,
	{ session }: Account,
	userId: string,
	dryRun: boolean,
): Promise<HostResult<VaultPullResult>> {
	const accessToken = await session.accessToken();
	const { client } = await connectDaemon(context);
	return client.pullVault({ dryRun, account: { userId, accessToken } });
}

/** Shows what a pull changed: names, never values. */
export function printChanges(output: Output, { changes, dryRun }: VaultPullResult): void {
	const changed = changes.filter(({ change }) => change !== "unchanged");
	for (const { name, change, configured } of changed) {
		output.line(`${change.padEnd(8)} ${name}${configured === null ? "" : ` (used for ${configured})`}`);
	}
	const count = changes.length - changed.length;
	output.note(
		`${changed.length === 0 ? "Nothing changed" : `${changed.length} changed`}, ${count} as they were.${dryRun ? " Nothing was written." : ""}`,
	);
}
