import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { environment } from "../environment/env.ts";

const installed = [
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
	"/usr/bin/google-chrome-stable",
	"/snap/bin/chromium",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
];

function firstInstalled(): string | null {
	const candidates = [environment.OPTA_CHROMIUM, ...installed, chromium.executablePath()];
	return candidates.find((file) => file !== undefined && file !== "" && existsSync(file)) ?? null;
}

function succeeds(command: string, args: readonly string[]): boolean {
	return spawnSync(command, args, { stdio: "ignore", timeout: 600_000 }).status === 0;
}

/**
 * A Chromium for the browser tests: `OPTA_CHROMIUM`, the system's, else Playwright's own download, else
 * Debian's package (as root, or with a sudo that asks nothing). Null when none could be had.
 */
export function findChromium(say: (line: string) => void): string | null {
	const found = firstInstalled();
	if (found !== null) {
		return found;
	}
	say("No Chromium on this machine: trying Playwright's download …");
	if (
		succeeds(process.execPath, [new URL("cli.js", import.meta.resolve("@playwright/test")).pathname, "install", "--with-deps", "chromium"])
	) {
		return firstInstalled();
	}
	say("That failed: trying Debian's package …");
	const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
	for (const step of [
		["apt-get", "update", "-qq"],
		["apt-get", "install", "-y", "-qq", "chromium"],
	]) {
		const [command = "apt-get", ...args] = [...asRoot, ...step];
		if (!succeeds(command, args)) {
			return null;
		}
	}
	return firstInstalled();
}
