import { expect, type Page, test } from "@playwright/test";
import { TOTP } from "otpauth";
import { signIn, signUp } from "../steps/accounts.ts";
import { pageUrl } from "../steps/addresses.ts";

const person = { name: "Cyd Example", email: "cyd@example.org", password: "yet another four words" };

/** A security key in the browser's own test double, as people have one in the laptop. */
async function giveSecurityKey(page: Page): Promise<void> {
	const session = await page.context().newCDPSession(page);
	await session.send("WebAuthn.enable");
	await session.send("WebAuthn.addVirtualAuthenticator", {
		options: {
			protocol: "ctap2",
			transport: "internal",
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
		},
	});
}

test("a person adds an authenticator app and a passkey, and is asked for one of them in another browser", async ({ page, browser }) => {
	await page.goto(pageUrl("accounts", "/sign-up"));
	await signUp(page, person);
	await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();

	await page.goto(pageUrl("accounts", "/security"));
	await page.getByRole("button", { name: "Set up an app" }).click();
	await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
	await page.getByText("Type it instead").click();
	const secret = ((await page.locator(".select-all").textContent()) ?? "").replaceAll(" ", "");
	await page.getByLabel("Code that the app shows").fill(new TOTP({ secret }).generate());
	await page.getByRole("button", { name: "Switch it on" }).click();
	const codes = page.getByRole("main").getByRole("listitem");
	await expect(codes).toHaveCount(10);
	const recoveryCode = (await codes.first().textContent()) ?? "";
	await page.getByRole("button", { name: "I have put them away" }).click();
	await expect(page.getByText("The second factor is on")).toBeVisible();

	await giveSecurityKey(page);
	await page.getByLabel("Name of the passkey").fill("This laptop");
	await page.getByRole("button", { name: "Add a passkey" }).click();
	await expect(page.getByRole("listitem").filter({ hasText: "This laptop" })).toBeVisible();

	await page.getByRole("button", { name: "Sign out" }).click();
	await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
	await signIn(page, person);
	await page.goto(pageUrl("accounts", "/security"));
	await page.getByRole("button", { name: "Remove the app" }).click();
	await page.getByRole("button", { name: "Use a passkey" }).click();
	await expect(page.getByRole("heading", { name: "Ways to sign in" })).toBeVisible();
	await expect(page.getByText("last used")).toBeVisible();

	const elsewhere = await browser.newContext();
	const other = await elsewhere.newPage();
	await signIn(other, person);
	await other.goto(pageUrl("accounts", "/security"));
	await other.getByRole("button", { name: "Remove", exact: true }).click();
	await expect(other.getByRole("heading", { name: "Prove that it is you" })).toBeVisible();
	await other.getByLabel("Code").fill(recoveryCode);
	await other.getByRole("button", { name: "Go on" }).click();
	await expect(other.getByRole("heading", { name: "Ways to sign in" })).toBeVisible();
	await other.getByRole("button", { name: "Remove the app" }).click();
	await expect(other.getByText("The second factor is removed")).toBeVisible();
	await elsewhere.close();
});
