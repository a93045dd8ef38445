import { chatReady } from "@opta/e2e/steps/chat";
import type { Page } from "@playwright/test";

/** One question asked in the chat page. */
export interface MeasuredAnswer {
	/** From Enter until the first text of the answer stands in the page. */
	readonly firstTextMs: number;
	/** LMX's own figure for the generation, as the page shows it. */
	readonly tokensPerSecond: number;
	readonly tokens: number;
}

/** Asks in the open chat page and waits for the whole answer; the clock runs inside the page. */
export async function measureAnswer(page: Page, question: string): Promise<MeasuredAnswer> {
	const composer = page.getByLabel("Message");
	await chatReady(page);
	await composer.fill(question);
	const firstText = page.evaluate(
		() =>
			new Promise<number>((resolve) => {
				const conversation = document.querySelector('section[aria-label="Conversation"]');
				if (conversation === null) {
					throw new Error("The chat page is not open.");
				}
				const entries = (): Element[] => [...conversation.querySelectorAll("article")];
				const before = entries().length;
				let startedAt = 0;
				window.addEventListener(
					"keydown",
					() => {
						startedAt = performance.now();
					},
					{ once: true, capture: true },
				);
				const observer = new MutationObserver(() => {
					// The question and its answer are two more entries; until it has text the answer says that it reads.
					const answer = entries()[before + 1];
					const text = answer?.lastElementChild?.textContent ?? "Reading";
					if (!text.startsWith("Reading")) {
						observer.disconnect();
						requestAnimationFrame(() => resolve(performance.now() - startedAt));
					}
				});
				observer.observe(conversation, { childList: true, subtree: true, characterData: true });
			}),
	);
	await composer.press("Enter");
	const firstTextMs = await firstText;
	await page.getByRole("button", { name: "Send" }).waitFor({ timeout: 120_000 });
	const figures = (await page.getByRole("article").last().textContent()) ?? "";
	const [, speed = "", tokens = ""] = /([\d.]+) tokens\/s · (\d+) tokens/.exec(figures) ?? [];
	return { firstTextMs, tokensPerSecond: Number(speed), tokens: Number(tokens) };
}
