import type { Locator, Page } from "playwright-core";
import { z } from "zod";
import { ToolInputError } from "../files/locate.ts";
import { defineTool, type Tool } from "../tool.ts";
import { withBrowser } from "./browser-outcome.ts";
import type { SessionBrowser } from "./session-browser.ts";
import type { SessionBrowsers } from "./session-browsers.ts";

const settleTimeoutMs = 5000;

const target = {
	ref: z
		.string()
		.regex(/^(f\d+)?e\d+$/)
		.optional()
		.describe("Of an element, as browser_read shows it: e12. The surest way."),
	text: z.string().min(1).max(500).optional().describe("Its visible text or label, where there is no ref."),
};

interface Target {
	readonly ref?: string | undefined;
	readonly text?: string | undefined;
}

function readAddress(text: string): URL {
	const url = URL.parse(text);
	if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
		throw new ToolInputError(`${JSON.stringify(text)} is no http or https address.`);
	}
	if (url.username !== "" || url.password !== "") {
		throw new ToolInputError("Addresses with a name or password in them are not opened.");
	}
	return url;
}

/** The page of a browser. Throws where there is none. */
export function openPage(browser: SessionBrowser): Page {
	const { page } = browser;
	if (page === null) {
		throw new Error("No page is open. Open one with browser_open.");
	}
	return page;
}

async function place(page: Page): Promise<string> {
	return `At ${page.url()} (${(await page.title()) || "no title"}).`;
}

function find(page: Page, { ref, text }: Target, byLabel: boolean): Locator {
	if (ref !== undefined) {
		return page.locator(`aria-ref=${ref}`);
	}
	if (text === undefined) {
		throw new Error("Say which element: ref, as browser_read shows it, or text.");
	}
	return byLabel ? page.getByLabel(text).or(page.getByPlaceholder(text)).first() : page.getByText(text).or(page.getByLabel(text)).first();
}

/** Waits for what an action began, and says where the page is then. */
async function settled(browser: SessionBrowser, did: string): Promise<string> {
	const page = openPage(browser);
	// A page that loads on and on can be read all the same.
	await page.waitForLoadState("load", { timeout: settleTimeoutMs }).catch(() => undefined);
	await browser.settle(page);
	return `${did} ${await place(page)}`;
}

function shownTarget({ ref, text }: Target): string {
	return text === undefined ? (ref ?? "an element") : JSON.stringify(text);
}

/** `browser_open`, `browser_click`, `browser_type` and `browser_read`. */
export function pageTools(browsers: SessionBrowsers): readonly Tool[] {
	return [
		defineTool({
			name: "browser_open",
			description: "Opens a page in a browser of this session (without a window). Read it with browser_read.",
			kind: "network",
			input: z.strictObject({ url: z.string().min(1).max(8192).describe("http or https.") }),
			access: ({ url }) => {
				const address = readAddress(url);
				browsers.assertNotDenied(address);
				return {
					title: `Open ${address.origin} in the browser`,
					detail: address.href,
					subjects: [address.origin],
					alwaysPatterns: [address.origin],
				};
			},
			run: ({ url }, context) =>
				withBrowser(browsers, context, true, async (browser) => {
					const page = await browser.open(readAddress(url));
					return place(page);
				}),
		}),
		defineTool({
			name: "browser_click",
			description: "Clicks an element of the open page.",
			kind: "interact",
			input: z.strictObject(target),
			access: (input) => ({ title: `Click ${shownTarget(input)}`, subjects: ["click"], alwaysPatterns: ["click"] }),
			run: (input, context) =>
				withBrowser(browsers, context, false, async (browser) => {
					await find(openPage(browser), input, false).click();
					return settled(browser, "Clicked.");
				}),
		}),
		defineTool({
			name: "browser_type",
			description: "Types text into a field of the open page, in place of what it holds; submit presses Enter afterwards.",
			kind: "interact",
			input: z.strictObject({ ...target, value: z.string().max(100_000), submit: z.boolean().default(false) }),
			access: (input) => ({
				title: `Type into ${shownTarget(input)}`,
				detail: input.value.slice(0, 2000),
				subjects: ["type"],
				alwaysPatterns: ["type"],
			}),
			run: (input, context) =>
				withBrowser(browsers, context, false, async (browser) => {
					const field = find(openPage(browser), input, true);
					await field.fill(input.value);
					if (input.submit) {
						await field.press("Enter");
					}
					return settled(browser, "Typed.");
				}),
		}),
		defineTool({
			name: "browser_read",
			description:
				"The open page as text: its headings, texts, links, buttons and fields, each with the ref that browser_click and browser_type take.",
			kind: "interact",
			input: z.strictObject({ ref: target.ref.describe("Reads only that element.") }),
			access: () => ({ title: "Read the open page", subjects: ["read"], alwaysPatterns: ["read"] }),
			run: ({ ref }, context) =>
				withBrowser(browsers, context, false, async (browser) => {
					const page = openPage(browser);
					await browser.settle(page);
					const snapshot = await (ref === undefined ? page.locator("body") : page.locator(`aria-ref=${ref}`)).ariaSnapshot({ mode: "ai" });
					return `${await place(page)}\n${snapshot}`;
				}),
		}),
		defineTool({
			name: "browser_close",
			description: "Closes the browser of this session.",
			kind: "interact",
			input: z.strictObject({}),
			access: () => ({ title: "Close the browser", subjects: ["close"], alwaysPatterns: ["close"] }),
			run: async (_, { sessionId }) => ({ ok: true, output: (await browsers.end(sessionId)) ? "Closed." : "No browser was open." }),
		}),
	];
}
