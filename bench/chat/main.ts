import { cpus } from "node:os";
import { publishPlatform } from "@opta/e2e/platform/env";
import { firstPerson, signUp } from "@opta/e2e/steps/accounts";
import { pageUrl } from "@opta/e2e/steps/addresses";
import { findChromium } from "@opta/platform/browser/find-chromium";
import { spawnPlatform } from "@opta/platform/spawned/spawn-platform";
import { chromium } from "@playwright/test";
import { median } from "../median.ts";
import { measureAnswer } from "./measure-answer.ts";

/** `npm run bench:chat`: what a person sees who chats through the site, with the whole platform running on one machine. */
const rounds = 7;
const executablePath = findChromium((line) => process.stdout.write(`${line}\n`));
if (executablePath === null) {
	process.stderr.write("No Chromium could be found or installed; set OPTA_CHROMIUM to one.\n");
	process.exit(1);
}
const { stop, ...platform } = await spawnPlatform();
publishPlatform(platform);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking", "--no-first-run"] });
try {
	const page = await browser.newPage();
	await page.goto(pageUrl("accounts", "/sign-up"));
	await signUp(page, firstPerson);
	await page.getByRole("button", { name: "Sign out" }).waitFor();
	await page.goto(pageUrl("lmx", "/chat"));
	await measureAnswer(page, "Say hello.");
	const answers = [];
	for (let round = 0; round < rounds; round++) {
		await page.getByRole("button", { name: "New chat" }).click();
		answers.push(await measureAnswer(page, `Explain in many sentences why the sea is salty (${round}).`));
	}
	process.stdout.write(`\n${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}\n`);
	process.stdout.write("  first text ms  tokens/s  tokens\n");
	for (const { firstTextMs, tokensPerSecond, tokens } of answers) {
		process.stdout.write(
			`  ${firstTextMs.toFixed(0).padStart(13)}  ${tokensPerSecond.toFixed(0).padStart(8)}  ${String(tokens).padStart(6)}\n`,
		);
	}
	const firstTextMs = median(answers.map((answer) => answer.firstTextMs));
	const speed = median(answers.map((answer) => answer.tokensPerSecond));
	process.stdout.write(
		`median: first text after ${firstTextMs.toFixed(0)} ms (bar: under 400), ${speed.toFixed(0)} tokens/s (bar: at least 140)\n`,
	);
} finally {
	await browser.close();
	await stop();
}
