import { expect, test } from "@playwright/test";
import { firstPerson, secondPerson, signUp } from "../steps/accounts.ts";
import { pageUrl } from "../steps/addresses.ts";

test("the second person owns nothing: no host on lmx, and admin refuses", async ({ page }) => {
	await page.goto(pageUrl("accounts", "/sign-up"));
	await signUp(page, secondPerson);
	await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
	await page.goto(pageUrl("lmx"));
	await expect(page.getByRole("main")).toContainText(/no host/i);
	const response = await page.goto(pageUrl("admin"));
	expect(response?.status()).toBe(403);
	await expect(page.getByRole("main")).not.toContainText(firstPerson.email);
});
