import { expect, test } from "@playwright/test";
import { pageUrl } from "../steps/addresses.ts";

test.use({ javaScriptEnabled: false });

for (const site of ["home", "init", "help", "learn", "status"] as const) {
	test(`${site} is readable without JavaScript`, async ({ page }) => {
		await page.goto(pageUrl(site));
		await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
		expect(((await page.getByRole("main").textContent()) ?? "").length).toBeGreaterThan(300);
		await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
	});
}
