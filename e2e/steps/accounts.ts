import { expect, type Page } from "@playwright/test";
import { runningPlatform } from "../platform/env.ts";
import { pageUrl } from "./addresses.ts";

/** Somebody who uses the platform in a test. */
export interface Person {
	readonly name: string;
	readonly email: string;
	readonly password: string;
}

/** The first person of the platform under test: owner of its host and its admin. */
export const firstPerson: Person = { name: "Ada Example", email: "ada@example.org", password: "four random words here" };

/** Somebody who comes later and owns nothing. */
export const secondPerson: Person = { name: "Ben Example", email: "ben@example.org", password: "another four random words" };

async function confirmationLink(email: string): Promise<string> {
	const answer = await fetch(`http://127.0.0.1:${runningPlatform().mailboxPort}/api/messages?to=${encodeURIComponent(email)}&waitMs=20000`);
	const { messages } = (await answer.json()) as { messages: readonly { links: readonly { url: string }[] }[] };
	const link = messages[0]?.links.find(({ url }) => url.includes("/auth/confirm"))?.url;
	if (link === undefined) {
		throw new Error(`No confirmation mail came for ${email}.`);
	}
	return link;
}

/** Creates an account on the page that is open, by its form and the link in the mail, and ends signed in. */
export async function signUp(page: Page, person: Person): Promise<void> {
	await page.getByLabel("Name").fill(person.name);
	await page.getByLabel("E-mail").fill(person.email);
	await page.getByLabel("Password").fill(person.password);
	await page.getByRole("button", { name: "Create account" }).click();
	await expect(page.getByRole("heading", { level: 1 })).toContainText(/mail/i);
	await page.goto(await confirmationLink(person.email));
	await page.getByLabel("Password").fill(person.password);
	await page.getByRole("button", { name: "Confirm and sign in" }).click();
}

/** Fills the sign-in form of the page that is open. */
export async function fillSignIn(page: Page, person: Person): Promise<void> {
	await page.getByLabel("E-mail").fill(person.email);
	await page.getByLabel("Password").fill(person.password);
	await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signs in at accounts and waits for the account page. */
export async function signIn(page: Page, person: Person): Promise<void> {
	await page.goto(pageUrl("accounts", "/sign-in"));
	await fillSignIn(page, person);
	await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
}
