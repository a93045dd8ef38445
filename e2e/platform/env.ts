/** Where the platform under test is, for the processes that run the tests. */
export interface RunningPlatform {
	readonly home: string;
	readonly pid: number;
	readonly portBase: number;
	readonly supabasePort: number;
	readonly mailboxPort: number;
	readonly lmxPort: number;
	readonly doorPort: number;
	/** Value of `OPTA_RUN_ID` in the environment of every process of this platform. */
	readonly runId: string;
}

const variable = "OPTA_E2E_PLATFORM";

/** Hands the platform over to the test workers. */
export function publishPlatform(platform: RunningPlatform): void {
	process.env[variable] = JSON.stringify(platform);
}

/** The platform under test. @throws when global set-up has not started one. */
export function runningPlatform(): RunningPlatform {
	const text = process.env[variable];
	if (text === undefined) {
		throw new Error("The platform is started by e2e/platform/global-setup.ts; run the tests with Playwright's configuration.");
	}
	const platform: RunningPlatform = JSON.parse(text);
	return platform;
}

/** The environment that the platform is started with. */
export const inheritedEnvironment: Readonly<Record<string, string | undefined>> = process.env;

/** The browser that the tests drive; unset for Playwright's own. */
export const chromiumPath: string | undefined = process.env.OPTA_CHROMIUM;
