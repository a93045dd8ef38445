import { defineConfig } from "vitest/config";

const everywhere = ["packages/**", "apps/**", "native-host/**", "supabase/**", "platform/**", "bench/**"];
const never = ["**/node_modules/**", "**/.next/**", "**/out/**", "**/dist/**"];

/** Unit tests touch no network and start no process; integration tests start real ones. */
export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: "unit",
					include: everywhere.map((folder) => `${folder}/*.test.{ts,tsx}`),
					exclude: [...never, "**/*.integration.test.ts"],
					setupFiles: "platform/src/checks/report-property-errors.ts",
					// They share no state, so that modules are loaded once per worker: half the time.
					isolate: false,
					// Stretching a passphrase takes seconds where other work shares the cores.
					testTimeout: 30_000,
					expect: { poll: { timeout: 4000 } },
				},
			},
			{
				test: {
					name: "integration",
					include: everywhere.map((folder) => `${folder}/*.integration.test.ts`),
					exclude: never,
					testTimeout: 120_000,
					hookTimeout: 120_000,
					expect: { poll: { timeout: 30_000 } },
					// More than cores: most of them wait for processes and clocks, not for the processor.
					maxWorkers: 3,
				},
			},
		],
	},
});
