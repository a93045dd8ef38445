import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { runningPlatform } from "../platform/env.ts";
import { firstPerson, signIn } from "../steps/accounts.ts";
import { pageUrl } from "../steps/addresses.ts";

const harness = fileURLToPath(new URL("../../packages/auth/src/cli-login/harness/main.ts", import.meta.url));

interface Step {
	readonly step: string;
	readonly url: string;
	readonly confirmCode: string;
	readonly userCode: string;
}

/** A terminal that signs in: its steps, one after the other. */
async function* terminal(command: string, ended: AbortSignal): AsyncGenerator<Step> {
	const store = path.join(await mkdtemp(path.join(tmpdir(), "opta-terminal-")), "credential.json");
	const args = [harness, command, "--store", store, "--port-base", String(runningPlatform().portBase)];
	const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], signal: ended });
	child.once("error", (error) => {
		if (error.name !== "AbortError") {
			throw error;
		}
	});
	if (child.stdout === null) {
		throw new Error("The terminal has no output.");
	}
	for await (const line of createInterface({ input: child.stdout })) {
		yield JSON.parse(line) as Step;
	}
}

let ended: AbortController;

test.beforeEach(() => {
	ended = new AbortController();
});

test.afterEach(() => ended.abort());

async function next(steps: AsyncGenerator<Step>): Promise<Step> {
	const { value, done } = await steps.next();
	expect(done).toBe(false);
	return value as Step;
}

test("a terminal is signed in from the browser, is listed, and is revoked", async ({ page }) => {
	const steps = terminal("login", ended.signal);
	const { url, confirmCode } = await next(steps);
	await page.goto(url);
	await page.getByLabel("E-mail").fill(firstPerson.email);
	await page.getByLabel("Password").fill(firstPerson.password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page.getByRole("main")).toContainText(confirmCode);
	await page.getByRole("button", { name: "Approve" }).click();
	expect((await next(steps)).step).toBe("signed-in");
	await expect(page.getByRole("heading", { name: "You are signed in" })).toBeVisible();
	expect(page.url()).not.toContain("code=");
	await page.goto(pageUrl("accounts", "/sessions"));
	const revoke = page.getByRole("button", { name: "Revoke" });
	await expect(revoke).toHaveCount(1);
	await revoke.click();
	await expect(page.getByText("That device is signed out")).toBeVisible();
	await page.goto(pageUrl("accounts", "/log"));
	await expect(page.getByRole("row").nth(1)).toContainText("Device signed out");
});

test("a device without a browser is approved by the code that it shows", async ({ page }) => {
	await signIn(page, firstPerson);
	const steps = terminal("login-code", ended.signal);
	const { userCode } = await next(steps);
	await page.goto(pageUrl("accounts", "/device"));
	await page.getByLabel("Code").fill(userCode.toLowerCase());
	await page.getByRole("button", { name: "Go on" }).click();
	await expect(page.getByRole("main")).toContainText(userCode);
	await page.getByRole("button", { name: "Approve" }).click();
	await expect(page.getByText("The device is approved")).toBeVisible();
	expect((await next(steps)).step).toBe("signed-in");
	await page.goto(pageUrl("accounts", "/sessions"));
	await page.getByRole("button", { name: "Revoke" }).first().click();
	await expect(page.getByText("That device is signed out")).toBeVisible();
});

test("a link that is not whole asks for nothing", async ({ page }) => {
	await page.goto(pageUrl("accounts", "/cli?challenge=x&port=9998@example.com"));
	await expect(page.getByText("This link is not complete")).toBeVisible();
	await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
});
