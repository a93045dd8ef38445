import type { SpawnedPlatform } from "@opta/platform/spawned/spawn-platform";

/** Where the platform under test is, for the processes that run the tests. */
export type RunningPlatform = Omit<SpawnedPlatform, "stop">;

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

/** The browser that the tests drive; unset for Playwright's own. */
export const chromiumPath: string | undefined = process.env.OPTA_CHROMIUM;

/** What programs that a test starts need of this process's variables: nothing of a user's own Opta. */
export const plainVariables: Readonly<Record<string, string>> = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
