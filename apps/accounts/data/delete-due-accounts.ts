import type { AccountsContext } from "../accounts-context.ts";

const everyMs = 3_600_000;

/**
 * Deletes the accounts whose time of grace is over, now and once an hour. Every server of accounts does it: what one has
 * deleted, the next does not find.
 */
export function deleteDueAccounts(context: Pick<AccountsContext, "portal">): void {
	const sweep = async (): Promise<void> => {
		const answer = await context.portal.call("delete_due_accounts", {});
		if (answer.state !== "ok") {
			process.stderr.write("accounts: accounts that are due could not be deleted; they will be in an hour.\n");
		}
	};
	void sweep();
	setInterval(sweep, everyMs).unref();
}
