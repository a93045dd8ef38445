import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContextOptions, type Cookie, expect, type Page, test } from "@playwright/test";
import { runningPlatform } from "../platform/env.ts";
import { firstPerson, secondPerson, signIn } from "../steps/accounts.ts";
import { pageUrl } from "../steps/addresses.ts";

const passphrase = "seven tall towers and a moat";
const secrets = { name: "Anthropic key of the house", first: "sk-plain-before-00417", second: "sk-plain-after-00418" };

async function unlock(page: Page, words = passphrase): Promise<void> {
	await page.goto(pageUrl("accounts", "/vault"));
	await page.getByLabel("Passphrase", { exact: true }).fill(words);
	await page.getByRole("button", { name: "Unlock" }).click();
}

async function saveSecret(page: Page, value: string): Promise<void> {
	await page.getByLabel("Secret").fill(value);
	await page.getByRole("button", { name: "Save" }).click();
	await expect(page.getByText("Saved.")).toBeVisible();
}

async function expectClean(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html).slice(0, 3) }))).toEqual([]);
	const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	expect(overflow).toBeLessThanOrEqual(0);
}

const items = (page: Page) => page.getByRole("list", { name: "Items" });

test.describe.configure({ mode: "serial" });

let recoveryKey = "";
let session: Cookie[] = [];

/** A page in a browser of its own, signed in as the first person without asking for the password each time. */
async function signedIn(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
	const context = await browser.newContext({ ...options, storageState: { cookies: session, origins: [] } });
	return context.newPage();
}

test("a vault is made, and the recovery key must have been kept", async ({ page }) => {
	const refused: string[] = [];
	page.on("console", (message) => {
		if (message.type() === "error") {
			refused.push(message.text());
		}
	});
	await signIn(page, firstPerson);
	session = await page.context().cookies();
	await page.goto(pageUrl("accounts", "/vault"));
	await page.getByLabel("Passphrase", { exact: true }).fill("short");
	await page.getByLabel("Passphrase, again").fill("short");
	await page.getByRole("button", { name: "Make the vault" }).click();
	await expect(page.getByText("Take at least 12 characters")).toBeVisible();
	await expectClean(page);
	await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
	await page.getByLabel("Passphrase, again").fill(passphrase);
	await page.getByRole("button", { name: "Make the vault" }).click();
	const groups = page.getByRole("list", { name: "Recovery key" }).getByRole("listitem");
	await expect(groups).toHaveCount(9);
	const texts = (await groups.allInnerTexts()).map((text) => text.trim().slice(-4));
	recoveryKey = texts.join("-");
	await expectClean(page);
	await page.getByRole("button", { name: "I have kept it" }).click();
	await page.getByLabel("Group 3").fill("0000");
	await page.getByLabel("Group 7").fill(texts[6]!);
	await page.getByRole("button", { name: "Done" }).click();
	await expect(page.getByText("These are not the groups of the key")).toBeVisible();
	await page.getByLabel("Group 3").fill(texts[2]!.toLowerCase());
	await page.getByRole("button", { name: "Done" }).click();
	await expect(page.getByText("Nothing in it yet")).toBeVisible();
	await expectClean(page);
	expect(refused, "nothing was refused by the page's policy").toEqual([]);
});

test("items are added, opened again after a reload, changed, and what they were comes back", async ({ browser }) => {
	const page = await signedIn(browser);
	await unlock(page, "not the passphrase at all");
	await expect(page.getByText("This does not open the vault")).toBeVisible();
	await unlock(page);
	await page.getByRole("button", { name: "Add the first item" }).click();
	await page.getByLabel("Name", { exact: true }).fill(secrets.name);
	await saveSecret(page, secrets.first);
	await page.reload();
	await unlock(page);
	await page.getByRole("button", { name: `Open ${secrets.name}` }).click();
	await expect(page.getByLabel("Secret")).toHaveValue(secrets.first);
	await expectClean(page);
	await saveSecret(page, secrets.second);
	await page.getByRole("button", { name: `History of ${secrets.name}` }).click();
	await page.getByText("Show what it kept").last().click();
	await expect(page.getByText(secrets.first)).toBeVisible();
	await expectClean(page);
	await page.getByRole("button", { name: "Restore version 1" }).click();
	await expect(page.getByText("Restored.")).toBeVisible();
	await page.getByRole("button", { name: `Open ${secrets.name}` }).click();
	await expect(page.getByLabel("Secret")).toHaveValue(secrets.first);
});

test("copying puts the secret on the clipboard", async ({ browser }) => {
	const page = await signedIn(browser, { permissions: ["clipboard-read", "clipboard-write"] });
	await unlock(page);
	await page.getByRole("button", { name: `Copy ${secrets.name}` }).click();
	await expect(page.getByText("The clipboard is emptied in 30 seconds")).toBeVisible();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secrets.first);
});

test("it locks by itself after five minutes without use, and takes the secret off the clipboard before", async ({ browser }) => {
	const page = await signedIn(browser, { permissions: ["clipboard-read", "clipboard-write"] });
	await page.clock.install();
	await unlock(page);
	await page.getByRole("button", { name: `Copy ${secrets.name}` }).click();
	await expect(page.getByText("The clipboard is emptied in 30 seconds")).toBeVisible();
	await page.clock.fastForward(31_000);
	await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("");
	await expect(items(page)).toBeVisible();
	await page.clock.fastForward(300_000);
	await expect(page.getByText("Nothing was done for five minutes.")).toBeVisible();
	expect(page.workers()).toEqual([]);
	await expect(page.getByText(secrets.name)).toHaveCount(0);
});

test("a second browser sees the same, keeps both sides of a conflict, and locks with the others", async ({ browser }) => {
	const page = await signedIn(browser);
	const other = await signedIn(browser);
	await unlock(page);
	await unlock(other);
	for (const tab of [page, other]) {
		await tab.getByRole("button", { name: `Open ${secrets.name}` }).click();
		await expect(tab.getByLabel("Secret")).toHaveValue(secrets.first);
	}
	await saveSecret(page, "from the first browser");
	await other.getByLabel("Secret").fill("from the second browser");
	await other.getByRole("button", { name: "Save" }).click();
	await expect(other.getByText("Somebody else changed this item meanwhile")).toBeVisible();
	await expect(items(other).getByRole("listitem")).toHaveCount(2);
	await expect(items(other).getByText("other version")).toBeVisible();
	await page.getByRole("button", { name: "Refresh" }).click();
	await expect(items(page).getByRole("listitem")).toHaveCount(2);
	const tab = await other.context().newPage();
	await unlock(tab);
	await expect(items(tab)).toBeVisible();
	await tab.getByRole("button", { name: "Lock" }).click();
	await expect(other.getByText("It was locked in another tab.")).toBeVisible();
	await expect(items(other)).toBeHidden();
	expect(other.workers()).toEqual([]);
});

test("an export comes back sealed, and a readable one warns first", async ({ browser }) => {
	const page = await signedIn(browser);
	await unlock(page);
	await page.getByRole("button", { name: "Import and export" }).click();
	await expectClean(page);
	await expect(page.getByRole("button", { name: "Export as CSV" })).toBeDisabled();
	await page.getByLabel("Passphrase of the file", { exact: true }).fill("a passphrase of the file");
	await page.getByLabel("Passphrase of the file, again").fill("a passphrase of the file");
	const downloading = page.waitForEvent("download");
	await page.getByRole("button", { name: "Export sealed" }).click();
	const file = await (await downloading).path();
	expect(await readFile(file, "utf8")).not.toContain(secrets.name);
	await page
		.getByLabel("File", { exact: true })
		.setInputFiles({ name: "vault.json", mimeType: "application/json", buffer: await readFile(file) });
	await page.getByRole("button", { name: "Import", exact: true }).click();
	// Until then the first field of that name is the export's.
	await expect(page.getByText("The file is sealed.")).toBeVisible();
	await page.getByLabel("Passphrase of the file", { exact: true }).first().fill("a passphrase of the file");
	await page.getByRole("button", { name: "Import", exact: true }).click();
	await expect(page.getByText("2 items imported.")).toBeVisible();
	await expect(items(page).getByRole("listitem")).toHaveCount(4);
});

test("the recovery key opens it too, and both keys are then replaced", async ({ browser }) => {
	const page = await signedIn(browser);
	await page.goto(pageUrl("accounts", "/vault"));
	await page.getByRole("button", { name: "Use the recovery key" }).click();
	await page.getByLabel("Recovery key").fill(`${recoveryKey.slice(0, -1)}${recoveryKey.endsWith("7") ? "8" : "7"}`);
	await page.getByRole("button", { name: "Unlock" }).click();
	await expect(page.getByText("The recovery key has a typing mistake")).toBeVisible();
	await page.getByLabel("Recovery key").fill(recoveryKey);
	await page.getByRole("button", { name: "Unlock" }).click();
	await page.getByLabel("New passphrase", { exact: true }).fill(`${passphrase} again`);
	await page.getByLabel("New passphrase, again").fill(`${passphrase} again`);
	await page.getByRole("button", { name: "Change the passphrase" }).click();
	await expect(page.getByRole("list", { name: "Recovery key" })).toBeVisible();
	await unlock(page);
	await expect(page.getByText("This does not open the vault")).toBeVisible();
	await unlock(page, `${passphrase} again`);
	await expect(items(page)).toBeVisible();
});

test("somebody else sees nothing of it", async ({ page }) => {
	await signIn(page, secondPerson);
	await page.goto(pageUrl("accounts", "/vault"));
	await expect(page.getByRole("heading", { name: "Make your vault" })).toBeVisible();
});

test("it passes axe in the dark and on a phone", async ({ browser }) => {
	const page = await signedIn(browser, { colorScheme: "dark", viewport: { width: 390, height: 844 } });
	await page.goto(pageUrl("accounts", "/vault"));
	await expect(page.getByRole("heading", { name: "Unlock your vault" })).toBeVisible();
	await expectClean(page);
	await unlock(page, `${passphrase} again`);
	await expect(items(page)).toBeVisible();
	await expectClean(page);
	await page.getByRole("button", { name: "Who can open it" }).click();
	await expect(page.getByText("No device asks now")).toBeVisible();
	await expectClean(page);
});

test("the files of the database hold nothing that was typed", async () => {
	const folder = path.join(runningPlatform().home, "supabase", "data");
	const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
	const typed = [...Object.values(secrets), "from the first browser", "from the second browser", passphrase, recoveryKey];
	let readBytes = 0;
	for (const { parentPath, name } of files) {
		const bytes = await readFile(path.join(parentPath, name));
		readBytes += bytes.length;
		for (const text of typed) {
			expect(bytes.includes(text), `${name} holds "${text}"`).toBe(false);
		}
	}
	expect(readBytes).toBeGreaterThan(10_000_000);
});
