import { expect, test } from "@playwright/test";
import { fillSignIn, firstPerson, signIn } from "../steps/accounts.ts";
import { pageUrl } from "../steps/addresses.ts";

test("a signed-out visitor of lmx signs in and comes back to the page that was asked for", async ({ page }) => {
	await page.goto(pageUrl("lmx", "/chat"));
	await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
	await fillSignIn(page, firstPerson);
	await expect(page).toHaveURL(new RegExp(`^${pageUrl("lmx", "/chat")}`));
	await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
});

test("a wrong password says so, keeps the address, and signs nobody in", async ({ page }) => {
	await page.goto(pageUrl("accounts", "/sign-in"));
	await fillSignIn(page, { ...firstPerson, password: "not the password" });
	await expect(page.getByRole("alert").first()).toBeVisible();
	await expect(page.getByLabel("E-mail")).toHaveValue(firstPerson.email);
	await page.goto(pageUrl("accounts"));
	await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("redirect_to never leaves the platform", async ({ page }) => {
	for (const hostile of ["//example.com", "/\\example.com", "https://example.com/", "javascript:alert(1)"]) {
		await page.goto(pageUrl("accounts", `/sign-in?redirect_to=${encodeURIComponent(hostile)}`));
		await fillSignIn(page, firstPerson);
		await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
		expect(new URL(page.url()).origin).toBe(new URL(pageUrl("accounts")).origin);
		await page.getByRole("button", { name: "Sign out" }).click();
		await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
	}
});

test("the admin site shows the registry to the first person", async ({ page }) => {
	await signIn(page, firstPerson);
	await page.goto(pageUrl("admin"));
	await expect(page.getByRole("main")).toContainText("LMX Dashboard");
	await expect(page.getByRole("main")).toContainText("Opta Help");
});
