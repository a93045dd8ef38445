import { expect, type Locator, type Page } from "@playwright/test";

/** Waits until the open chat page knows its model and takes questions. */
export async function chatReady(page: Page): Promise<void> {
	await expect(page.getByRole("button", { name: "Send" })).toHaveAttribute("aria-disabled", "false");
}

/** Asks in the open chat page by Enter. Returns the answer's place in the conversation. */
export async function ask(page: Page, question: string): Promise<Locator> {
	await chatReady(page);
	const entries = page.getByRole("article");
	const before = await entries.count();
	const message = page.getByRole("textbox", { name: "Message" });
	await message.fill(question);
	await message.press("Enter");
	return entries.nth(before + 1);
}
