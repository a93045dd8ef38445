import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type LmxProcess, startLmxProcess } from "@opta/lmx/testing/lmx-process";
import { expect, test } from "@playwright/test";
import { runningPlatform } from "../platform/env.ts";
import { ask } from "../steps/chat.ts";

test("the shell that LMX serves chats without an account", async ({ page }) => {
	await page.goto(`http://127.0.0.1:${runningPlatform().lmxPort}/`);
	await expect(page.getByRole("main")).toContainText("smollm2-135m-instruct");
	await page.getByRole("link", { name: "Chat" }).first().click();
	await expect(await ask(page, "What is the capital of France?")).toContainText(/Paris|France|capital/);
});

test.describe("from another machine of the LAN", () => {
	const lanAddress = Object.values(networkInterfaces())
		.flat()
		.find((each) => each?.family === "IPv4" && !each.internal)?.address;
	test.skip(lanAddress === undefined, "This machine has no address besides loopback.");

	const webDir = fileURLToPath(new URL("../../packages/dashboard/dist", import.meta.url));
	const model = fileURLToPath(new URL("../../packages/lmx/models/stories260K.gguf", import.meta.url));
	let lmx: LmxProcess;
	let lanUrl: string;

	test.beforeAll(async () => {
		lmx = await startLmxProcess("--host", "0.0.0.0", "--web-dir", webDir, "--model", model);
		lanUrl = `http://${lanAddress}:${new URL(lmx.url).port}`;
	});
	test.afterAll(() => lmx.stop());

	test("chat needs no key; the figures ask for the admin key, say when it is wrong, and keep it until it is forgotten", async ({
		page,
	}) => {
		await page.goto(`${lanUrl}/?page=chat`);
		await expect(await ask(page, "Once upon a time")).toContainText(/\w{3}/);

		await page.getByRole("link", { name: "Overview" }).click();
		const field = page.getByLabel("Key of this host");
		await field.fill("opta-lmx-guessed");
		await field.press("Enter");
		await expect(page.getByText("did not accept this key")).toBeVisible();
		await expect(page.getByRole("button", { name: "Forget key" })).toBeHidden();

		await field.fill(readFileSync(path.join(lmx.stateDir, "lmx", "admin-key"), "utf8"));
		await page.getByRole("button", { name: "Use key" }).click();
		await expect(page.getByRole("main")).toContainText("stories260k");
		await expect(field).toBeHidden();
		await page.reload();
		await expect(page.getByRole("main")).toContainText("stories260k");
		expect(page.url()).not.toContain("opta-lmx-");

		await page.getByRole("button", { name: "Forget key" }).click();
		await expect(field).toBeVisible();
		await expect(page.getByRole("main")).not.toContainText("stories260k");
	});
});
