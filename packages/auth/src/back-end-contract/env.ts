/** A hosted project that tests may make and delete accounts in. */
export interface HostedTestProject {
	readonly url: string;
	readonly publishableKey: string;
	readonly secretKey: string;
}

/**
 * Reads it; null when it is not given. The names are not those of a running site, so that nobody's project is used for
 * tests by accident.
 */
export function hostedTestProject(): HostedTestProject | null {
	const url = process.env.OPTA_TEST_SUPABASE_URL;
	const publishableKey = process.env.OPTA_TEST_SUPABASE_PUBLISHABLE_KEY;
	const secretKey = process.env.OPTA_TEST_SUPABASE_SECRET_KEY;
	return url && publishableKey && secretKey ? { url, publishableKey, secretKey } : null;
}
