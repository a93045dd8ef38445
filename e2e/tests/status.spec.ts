import { processTree } from "@opta/platform/spawned/process-tree";
import { expect, test } from "@playwright/test";
import { runningPlatform } from "../platform/env.ts";
import { pageUrl } from "../steps/addresses.ts";

function pidOf(script: string): number {
	const found = processTree(runningPlatform().pid).find(({ command }) => command.includes(script));
	if (found === undefined) {
		throw new Error(`${script} is not running.`);
	}
	return found.pid;
}

test("status turns red when the LMX process is killed, and green when it is back", async ({ page }) => {
	await page.goto(pageUrl("status"));
	const lmx = page.locator('[data-component="lmx"]');
	await expect(page.locator("[data-component]")).toHaveCount(10);
	await expect(lmx).toHaveAttribute("data-state", "up");

	// The supervisor would have it back before a person could look, so it is held until the red was seen.
	const supervisor = pidOf("native-host/src/main.ts");
	process.kill(supervisor, "SIGSTOP");
	process.kill(pidOf("packages/lmx/src/main.ts"), "SIGKILL");
	await expect(lmx).toHaveAttribute("data-state", "down");
	await expect(page.getByRole("heading", { level: 1 })).toContainText("LMX");
	process.kill(supervisor, "SIGCONT");
	await expect(lmx).toHaveAttribute("data-state", "up", { timeout: 60_000 });
});

test("every other part is up", async ({ page }) => {
	await page.goto(pageUrl("status"));
	await expect(page.locator('[data-component][data-state="up"]')).toHaveCount(10, { timeout: 30_000 });
	await expect(page.getByRole("heading", { level: 1 })).toContainText("All parts answer");
});
