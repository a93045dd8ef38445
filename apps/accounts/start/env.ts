/**
 * Checks the environment of this server before the first request. Next.js compiles it for its edge runtime too, where
 * none of this exists; the name of the runtime is a build-time constant that leaves it out there.
 */
export async function checkAtStart(): Promise<void> {
	if (process.env.NEXT_RUNTIME === "nodejs") {
		const [{ checkEnvironmentAtStart }, { accountsContext }, { deleteDueAccounts }] = await Promise.all([
			import("@opta/auth/start-check"),
			import("../env.ts"),
			import("../data/delete-due-accounts.ts"),
		]);
		checkEnvironmentAtStart("accounts", accountsContext);
		deleteDueAccounts(accountsContext());
	}
}

/** True under `next dev`, whose pages need more than the policy of the real ones allows. */
export function isDevelopment(): boolean {
	return process.env.NODE_ENV === "development";
}
