import { readFile } from "node:fs/promises";
import path from "node:path";
import { createHeld } from "@opta/daemon/testing/scripted-reply";
import { expect, type Page, test } from "@playwright/test";
import { type ClaimedHost, claimHost } from "../reach/claimed-host.ts";
import { type Laptop, openLaptop } from "../reach/laptop.ts";
import { firstPerson, signIn } from "../steps/accounts.ts";
import { pageUrl } from "../steps/addresses.ts";
import { ask } from "../steps/chat.ts";

/** A host at home behind its tunnel, a laptop that joined it, and a browser that is away. */
let host: ClaimedHost | undefined;
let laptop: Laptop | undefined;

test.afterEach(async () => {
	await laptop?.close();
	await host?.close();
});

/** When a text first stands in the page, in milliseconds since 1970. */
function whenShown(page: Page, words: string): Promise<number> {
	return page.evaluate(
		(wanted) =>
			new Promise<number>((resolve) => {
				const look = (): boolean => document.body.textContent?.includes(wanted) === true;
				const observer = new MutationObserver(() => {
					if (look()) {
						observer.disconnect();
						resolve(Date.now());
					}
				});
				observer.observe(document.body, { subtree: true, childList: true, characterData: true });
				if (look()) {
					observer.disconnect();
					resolve(Date.now());
				}
			}),
		words,
	);
}

const words = (from: number, to: number): string =>
	Array.from({ length: to - from + 1 }, (_, index) => `word${String(from + index).padStart(2, "0")} `).join("");

test("a claimed host is used from away, a laptop's session is followed and answered there, and revoking ends it all", async ({ page }) => {
	test.setTimeout(300_000);
	await signIn(page, firstPerson);
	host = await claimHost(page, "Attic");
	const { hostId, tunnel } = host;

	await test.step("chat away: site, tunnel, door, model", async () => {
		await expect(async () => {
			await page.goto(pageUrl("lmx", `/chat?host=${hostId}`));
			await expect(page.getByRole("button", { name: "Send" })).toHaveAttribute("aria-disabled", "false", { timeout: 3000 });
		}).toPass({ timeout: 40_000 });
		await expect(await ask(page, "Once upon a time")).toContainText(/\w{3}/);
	});

	laptop = await openLaptop(page);
	const { workspace, model, opta } = laptop;
	await opta("reach", "on", hostId, "--allow", "see,approve,turns");
	const terminal = await laptop.client();
	const created = await terminal.createSession({ workspace, title: "Tidy up" });
	if (!created.ok) {
		throw new Error(created.error.message);
	}
	const sessionId = created.value.id;

	await test.step("the laptop and its session are found", async () => {
		await page.goto(pageUrl("lmx", `/devices?host=${hostId}`));
		await page.getByRole("link", { name: "Sessions of Laptop" }).click();
		await page.getByRole("link", { name: /Tidy up/ }).click();
		await expect(page.getByRole("heading", { name: "Tidy up" })).toBeVisible();
	});

	await test.step("a turn started in the terminal appears, and an approval answered here lets its tool run", async () => {
		model.reply({ text: "I write the file now." }, { call: "write_file", arguments: { path: "note.txt", content: "from away" } });
		model.reply({ text: "It is written." });
		const shown = whenShown(page, "I write the file now.");
		const following = new AbortController();
		const heard = new Promise<number>((resolve) => {
			void terminal.followSession(
				sessionId,
				{
					onSnapshot: () => undefined,
					onEvent: (event) => {
						if (JSON.stringify(event).includes("I write the file now.")) {
							resolve(Date.now());
						}
					},
				},
				following.signal,
			);
		});
		await terminal.createTurn(sessionId, { content: "Write a note." }, crypto.randomUUID());
		const lateMs = (await shown) - (await heard);
		following.abort();
		test.info().annotations.push({ type: "turn in the browser after the terminal", description: `${lateMs} ms` });
		process.stdout.write(`    a turn appeared in the browser ${lateMs} ms after the terminal (bar: 150 ms)\n`);
		await page.getByRole("button", { name: "Allow once" }).click();
		await expect(page.getByRole("main")).toContainText("It is written.");
		expect(await readFile(path.join(workspace, "note.txt"), "utf8")).toBe("from away");
	});

	await test.step("cloudflared is killed and comes back: the stream goes on, nothing lost or doubled", async () => {
		const held = createHeld();
		model.reply({ text: words(1, 20) }, { hold: held }, { text: words(21, 40) });
		await terminal.createTurn(sessionId, { content: "Count." }, crypto.randomUUID());
		await held.reached;
		await expect(page.getByRole("main")).toContainText("word20");
		const { pid } = await tunnel.tell("/status");
		process.kill(pid, "SIGKILL");
		held.release();
		await expect(page.getByRole("main")).toContainText("word40", { timeout: 60_000 });
		const shown = (await page.getByRole("main").textContent())?.match(/word\d\d/g);
		expect(shown).toEqual(words(1, 40).trim().split(" "));
	});

	await test.step("a turn is started from here", async () => {
		model.reply({ text: "Started from away." });
		await page.getByLabel("Message to the agent").fill("Say where you were started.");
		await page.getByRole("button", { name: "Send" }).click();
		await expect(page.getByRole("main")).toContainText("Started from away.");
	});

	await test.step("revoked: open streams end within 60 s, new requests at once", async () => {
		const accounts = await page.context().newPage();
		const stream = page.evaluate(async (id) => {
			const answer = await fetch(`/api/host/${id}/admin/events`);
			const reader = answer.body?.getReader();
			const begun = answer.status;
			for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read().catch(() => undefined)) {
				// Read until it ends.
			}
			return { begun, endedAt: Date.now() };
		}, hostId);
		await accounts.goto(pageUrl("accounts", `/hosts/${hostId}`));
		const card = accounts.locator("form[action='/api/hosts/revoke']");
		await card.getByLabel("Type Attic to confirm").fill("Attic");
		await card.getByLabel(/password/i).fill(firstPerson.password);
		await card.getByRole("button", { name: "Revoke this host" }).click();
		await accounts.waitForURL(/\/hosts(?:\?|$)/);
		const revokedAt = Date.now();
		const ended = await stream;
		expect(ended.begun).toBe(200);
		expect(ended.endedAt - revokedAt).toBeLessThan(62_000);
		const status = await page.evaluate(async (id) => (await fetch(`/api/host/${id}/admin/status`)).status, hostId);
		expect([403, 404, 410]).toContain(status);
		await accounts.close();
	});
});
