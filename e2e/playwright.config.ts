import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./platform/env.ts";

/**
 * One real platform for all tests, one browser at a time: the model shares the machine's cores with them. Pages that are only
 * looked at are looked at by two.
 */
export default defineConfig({
	testDir: "./tests",
	globalSetup: "./platform/global-setup.ts",
	workers: 2,
	fullyParallel: false,
	timeout: 90_000,
	expect: { timeout: 15_000 },
	forbidOnly: true,
	reporter: [["list"], ["json"]],
	outputDir: "./test-results",
	projects: [
		{ name: "people", workers: 1, testMatch: ["**/first-person.spec.ts", "**/second-person.spec.ts"], teardown: "shutdown" },
		{ name: "accessibility", fullyParallel: true, testMatch: "**/accessibility.spec.ts", dependencies: ["people"] },
		{
			name: "platform",
			workers: 1,
			testIgnore: ["**/*-person.spec.ts", "**/accessibility.spec.ts", "**/shutdown.spec.ts"],
			dependencies: ["accessibility"],
		},
		{ name: "shutdown", testMatch: "**/shutdown.spec.ts" },
	],
	use: {
		trace: { mode: "retain-on-failure", screenshots: false },
		launchOptions: {
			...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
			args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
		},
	},
});
