import { processTree } from "@opta/platform/spawned/process-tree";
import { expect, test } from "@playwright/test";
import { runningPlatform } from "../platform/env.ts";
import { pageUrl } from "../steps/addresses.ts";

test("status turns red when the LMX process is killed, and green when it is back", async ({ page }) => {
	await page.goto(pageUrl("status"));
	const lmx = page.locator('[data-component="lmx"]');
	await expect(lmx).toHaveAttribute("data-state", "up");
	await expect(page.locator("[data-component]")).toHaveCount(10);

	const server = processTree(runningPlatform().pid).find((found) => found.command.includes("packages/lmx/src/main.ts"));
	process.kill(server!.pid, "SIGKILL");
	await expect(lmx).not.toHaveAttribute("data-state", "up");
	await expect(lmx).toHaveAttribute("data-state", "up", { timeout: 60_000 });
});
