import AxeBuilder from "@axe-core/playwright";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { fillSignIn, firstPerson, secondPerson, signIn } from "../steps/accounts.ts";
import { pageUrl } from "../steps/addresses.ts";

/** A browser of somebody else. */
async function otherPage(browser: Browser): Promise<Page> {
	return (await browser.newContext()).newPage();
}

/** Opens the page of the platform's host, which the first person owns. */
async function openHost(page: Page): Promise<void> {
	await page.goto(pageUrl("accounts", "/hosts"));
	await page.locator("main section").getByRole("listitem").getByRole("link").first().click();
	await expect(page.getByRole("heading", { name: "Members" })).toBeVisible();
}

async function expectClean(page: Page): Promise<void> {
	for (const viewport of [
		{ width: 1280, height: 800 },
		{ width: 375, height: 740 },
	]) {
		await page.setViewportSize(viewport);
		const { violations } = await new AxeBuilder({ page }).analyze();
		expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html).slice(0, 3) }))).toEqual([]);
		const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		expect(overflow).toBeLessThanOrEqual(0);
	}
}

test("an owner invites by a link; the other joins, sees the host, is made viewer, and loses it when removed", async ({ browser, page }) => {
	const other = await otherPage(browser);
	await signIn(page, firstPerson);
	await openHost(page);
	const hostName = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";

	const link = await test.step("the owner makes a link, which is shown once", async () => {
		await page.getByLabel("Role for the link").selectOption("operator");
		await page.getByRole("button", { name: "Make a link" }).click();
		const shown = (await page.getByText(/\/hosts\/join#/).textContent()) ?? "";
		await expectClean(page);
		await page.getByRole("button", { name: "I have copied it" }).click();
		await expect(page.getByText(/\/hosts\/join#/)).toHaveCount(0);
		await expect(page.getByRole("heading", { name: "Open invitations" })).toBeVisible();
		return shown.trim();
	});

	await test.step("the other opens it, signs in, and joins", async () => {
		const asked: string[] = [];
		other.on("request", (request) => asked.push(request.url()));
		await other.goto(link);
		await other.getByRole("main").getByRole("link", { name: "Sign in" }).click();
		await fillSignIn(other, secondPerson);
		await expect(other.getByRole("heading", { name: "You are invited" })).toBeVisible();
		await expect(other.getByRole("main")).toContainText(firstPerson.email);
		await expect(other.getByRole("main")).toContainText(hostName);
		await expectClean(other);
		await other.getByRole("button", { name: "Accept" }).click();
		await expect(other.getByRole("heading", { level: 1 })).toHaveText(hostName);
		await expect(other.getByText("Welcome")).toBeVisible();
		const secret = link.split("#")[1] ?? "";
		expect(secret).toHaveLength(43);
		expect(asked.filter((url) => url.replace(/#.*/, "").includes(secret))).toEqual([]);
		await other.goto(pageUrl("lmx"));
		await expect(other.getByRole("main")).toContainText(hostName);
	});

	await test.step("the link is used up", async () => {
		await other.goto(link);
		await expect(other.getByText("This invitation is no longer good")).toBeVisible();
	});

	await test.step("the owner makes the other a viewer", async () => {
		await openHost(page);
		await page.getByLabel(`Role of ${secondPerson.name}`).selectOption("viewer");
		await page.getByRole("button", { name: "Change", exact: true }).click();
		await expect(page.getByText("The role is changed")).toBeVisible();
		await openHost(other);
		await expect(other.getByRole("main")).toContainText("viewer");
		await expect(other.getByRole("main")).not.toContainText(firstPerson.email);
		await expect(other.getByRole("button", { name: "Leave" })).toBeVisible();
		await expect(other.getByRole("button", { name: "Rename" })).toHaveCount(0);
	});

	await test.step("the owner removes the other, who has the host nowhere any more", async () => {
		await page.getByRole("button", { name: `Remove ${secondPerson.name}` }).click();
		await expect(page.getByText("The member is removed")).toBeVisible();
		await other.goto(pageUrl("accounts", "/hosts"));
		await expect(other.getByText("No hosts yet")).toBeVisible();
		await other.goto(pageUrl("lmx"));
		await expect(other.getByRole("main")).toContainText(/no host/i);
		await other.goto(pageUrl("accounts", "/log"));
		await expect(other.getByRole("main")).toContainText("Member removed from a host");
	});
});

test("an invitation to an address waits there, and can be declined", async ({ browser, page }) => {
	await signIn(page, firstPerson);
	await openHost(page);
	await page.getByLabel("E-mail address").fill(secondPerson.email);
	await page.getByRole("button", { name: "Invite", exact: true }).click();
	await expect(page.getByText("The invitation waits for whoever")).toBeVisible();

	const other = await otherPage(browser);
	await signIn(other, secondPerson);
	await other.getByRole("link", { name: "An invitation waits" }).click();
	await expect(other.getByRole("heading", { name: "An invitation for you" })).toBeVisible();
	await expectClean(other);
	await other.getByRole("button", { name: "Decline" }).click();
	await expect(other.getByText("The invitation is declined")).toBeVisible();
	await page.reload();
	await expect(page.getByRole("heading", { name: "Open invitations" })).toHaveCount(0);
});

test.describe("without JavaScript", () => {
	test.use({ javaScriptEnabled: false });

	test("a link says that it needs a script, and what does not", async ({ page }) => {
		await page.goto(pageUrl("accounts", `/hosts/join#${"x".repeat(43)}`));
		await expect(page.getByRole("main")).toContainText("This page reads it with JavaScript");
		await expect(page.getByRole("main")).toContainText("ask for an invitation to your e-mail address");
	});
});
