import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./platform/env.ts";

/** One real platform for all tests, one browser at a time: the model shares the machine's cores with them. */
export default defineConfig({
	testDir: "./tests",
	globalSetup: "./platform/global-setup.ts",
	workers: 1,
	fullyParallel: false,
	timeout: 90_000,
	expect: { timeout: 15_000 },
	forbidOnly: true,
	reporter: [["list"], ["json"]],
	outputDir: "./test-results",
	projects: [
		{ name: "people", testMatch: ["**/first-person.spec.ts", "**/second-person.spec.ts"], teardown: "shutdown" },
		{ name: "platform", testIgnore: ["**/*-person.spec.ts", "**/shutdown.spec.ts"], dependencies: ["people"] },
		{ name: "shutdown", testMatch: "**/shutdown.spec.ts" },
	],
	use: {
		trace: "retain-on-failure",
		launchOptions: {
			...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
			args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
		},
	},
});
