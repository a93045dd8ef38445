import AxeBuilder from "@axe-core/playwright";
import type { SiteName } from "@opta/contracts/sites";
import { expect, test } from "@playwright/test";
import { runningPlatform } from "../platform/env.ts";
import { firstPerson, secondPerson, signIn } from "../steps/accounts.ts";
import { pageUrl } from "../steps/addresses.ts";

const publicPages: readonly [SiteName, string][] = [
	["home", "/"],
	["init", "/"],
	["help", "/"],
	["learn", "/"],
	["status", "/"],
	["home", "/no-such-page"],
	["accounts", "/sign-in"],
	["accounts", "/sign-in?error=credentials"],
	["accounts", "/sign-up"],
	["accounts", "/check-mail"],
	["accounts", "/forgot-password"],
	["accounts", "/cli"],
	["accounts", "/hosts/join"],
];
const signedInPages: readonly [SiteName, string][] = [
	["accounts", "/"],
	["accounts", "/hosts"],
	["accounts", "/sessions"],
	["accounts", "/security"],
	["accounts", "/log"],
	["accounts", "/data"],
	["accounts", "/device"],
	["lmx", "/"],
	["lmx", "/chat"],
	["lmx", "/devices"],
	["lmx", "/sessions"],
	["lmx", "/doctor"],
	["lmx", "/pair"],
	["admin", "/"],
];
const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

for (const colorScheme of ["light", "dark"] as const) {
	for (const viewport of [desktop, phone]) {
		test.describe(`${colorScheme}, ${viewport.width} px wide`, () => {
			test.use({ colorScheme, viewport });

			async function expectClean(page: import("@playwright/test").Page, url: string): Promise<void> {
				await page.goto(url);
				await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
				// The other mode opens a page of its own for every result, for frames of other origins, which there are none of.
				const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
				expect(violations.map(({ id, nodes }) => ({ url, id, where: nodes.map((node) => node.html).slice(0, 3) }))).toEqual([]);
				const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
				expect(overflow, `${url} scrolls sideways`).toBeLessThanOrEqual(0);
			}

			test("public pages pass axe", async ({ page }) => {
				for (const [site, path] of publicPages) {
					await expectClean(page, pageUrl(site, path));
				}
				await expectClean(page, `http://127.0.0.1:${runningPlatform().mailboxPort}/`);
				await expectClean(page, `http://127.0.0.1:${runningPlatform().lmxPort}/`);
			});

			test("signed-in pages pass axe", async ({ page }) => {
				await signIn(page, firstPerson);
				for (const [site, path] of signedInPages) {
					await expectClean(page, pageUrl(site, path));
				}
			});

			test("pages of somebody without a host pass axe", async ({ page }) => {
				await signIn(page, secondPerson);
				await expectClean(page, pageUrl("lmx"));
				await expectClean(page, pageUrl("admin"));
			});
		});
	}
}
