import type { Database } from "./open-database.ts";

/**
 * Removes accounts that nobody confirmed while their link was good. lite never sends a second confirmation, so without
 * this an address whose first mail was missed could never sign up; and nobody can hold somebody else's address for longer
 * than the link lives.
 */
export async function removeExpiredSignUps(database: Database, linkLifeSeconds: number): Promise<void> {
	await database.driver.query(
		`delete from auth.users
		where email_confirmed_at is null and last_sign_in_at is null
			and confirmation_sent_at < now() - make_interval(secs => $1)`,
		[linkLifeSeconds],
	);
}
