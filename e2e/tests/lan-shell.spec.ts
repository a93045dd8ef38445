import { expect, test } from "@playwright/test";
import { runningPlatform } from "../platform/env.ts";
import { ask } from "../steps/chat.ts";

test("the shell that LMX serves chats without an account", async ({ page }) => {
	await page.goto(`http://127.0.0.1:${runningPlatform().lmxPort}/`);
	await expect(page.getByRole("main")).toContainText("smollm2-135m-instruct");
	await page.getByRole("link", { name: "Chat" }).first().click();
	await expect(await ask(page, "What is the capital of France?")).toContainText(/Paris|France|capital/);
});
