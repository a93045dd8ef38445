import { expect, test } from "@playwright/test";
import { firstPerson, signUp } from "../steps/accounts.ts";
import { pageUrl } from "../steps/addresses.ts";
import { ask } from "../steps/chat.ts";

test("the first person signs up, chats with the real model, and signs out everywhere", async ({ page }) => {
	await test.step("sign up at accounts and be the owner of this host", async () => {
		await page.goto(pageUrl("accounts", "/sign-up"));
		await signUp(page, firstPerson);
		await expect(page).toHaveURL(pageUrl("accounts"));
		await expect(page.getByLabel("Name")).toHaveValue(firstPerson.name);
		await expect(page.getByRole("main")).toContainText("owner");
	});

	await test.step("home shows the name", async () => {
		await page.goto(pageUrl("home"));
		await expect(page.getByRole("banner").getByText(firstPerson.name)).toBeVisible();
	});

	await test.step("the exported sites show it too", async () => {
		await page.goto(pageUrl("help"));
		await expect(page.getByRole("banner").getByText(firstPerson.name)).toBeVisible();
	});

	await test.step("the chat streams a real answer", async () => {
		await page.goto(pageUrl("lmx", "/chat"));
		const answer = await ask(page, "What is the capital of France?");
		await expect(answer).toContainText(/Paris|France|capital/);
		await expect(answer).toContainText(/\d+ tokens\/s/);
	});

	await test.step("stop ends a long answer and keeps what was said", async () => {
		const answer = await ask(page, "Tell me a long story about a river, with many chapters.");
		await expect(answer).toContainText(/\w+ \w+ \w+/);
		await page.getByRole("button", { name: "Stop" }).click();
		await expect(answer).toContainText("Stopped by you.");
		await expect(page.getByRole("button", { name: "Send" })).toBeVisible();
	});

	await test.step("a reload keeps the session and the conversation", async () => {
		await page.reload();
		await expect(page).toHaveURL(/\/chat/);
		await expect(page.getByRole("region", { name: "Conversation" })).toContainText(/Paris|France|capital/);
	});

	await test.step("after the sign-out at accounts, lmx sends to sign-in and home forgets the name", async () => {
		await page.goto(pageUrl("accounts"));
		await page.getByRole("button", { name: "Sign out" }).click();
		await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
		await page.goto(pageUrl("lmx", "/chat"));
		await expect(page).toHaveURL(new RegExp(`^${pageUrl("accounts", "/sign-in")}\\?`));
		await page.goto(pageUrl("home"));
		await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
	});
});
