import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { promisify } from "node:util";
import { type CheckOutcome, fine, limited } from "@opta/contracts/doctor-check";
import { thisPlatform } from "@opta/daemon/platform/opta-home";
import { detectSandbox } from "@opta/daemon/sandbox/detect-sandbox";
import type { CliContext } from "../../program/cli-context.ts";

const run = promisify(execFile);

async function firstLine(program: string, args: readonly string[]): Promise<string | null> {
	try {
		const { stdout } = await run(program, [...args], { timeout: 10_000, windowsHide: true });
		return stdout.split("\n", 1)[0]?.trim() ?? "";
	} catch {
		return null;
	}
}

/** git, for diffs, commits and checkpoints. */
export async function checkGit(): Promise<CheckOutcome> {
	const version = await firstLine("git", ["--version"]);
	return version === null ? limited("git was not found; the agent has no git tools.", "Install git.") : fine(version);
}

/** ripgrep, which comes with the package. */
export async function checkRipgrep(): Promise<CheckOutcome> {
	try {
		const { rgPath } = await import("@vscode/ripgrep");
		const version = await firstLine(rgPath, ["--version"]);
		if (version !== null) {
			return fine(version);
		}
	} catch (error) {
		return limited(`ripgrep is missing: ${error instanceof Error ? error.message : String(error)}`, "Install opta-cli again.");
	}
	return limited("ripgrep does not run here; searching files fails.", "Install opta-cli again for this system.");
}

const chromiumPlaces: Readonly<Record<"darwin" | "linux" | "win32", readonly string[]>> = {
	darwin: ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"],
	linux: [
		"/usr/bin/chromium",
		"/usr/bin/chromium-browser",
		"/usr/bin/google-chrome",
		"/usr/bin/google-chrome-stable",
		"/snap/bin/chromium",
	],
	win32: [
		"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
		"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
	],
};

/** A Chromium for the browser tools. */
export async function checkChromium(): Promise<CheckOutcome> {
	for (const file of chromiumPlaces[thisPlatform()]) {
		const isThere = await access(file, constants.X_OK).then(
			() => true,
			() => false,
		);
		if (isThere) {
			return fine(file);
		}
	}
	return limited("No Chromium or Chrome was found; the agent has no browser tools.", "Install Chromium.");
}

/** What keeps the agent's commands to the workspace. */
export async function checkSandbox({ environment }: CliContext, enabled: boolean): Promise<CheckOutcome> {
	const sandbox = await detectSandbox({
		platform: thisPlatform(),
		enabled,
		searchPath: environment.PATH ?? "",
		userHome: homedir(),
		hidden: [],
	});
	return sandbox.kind === "none"
		? limited(`Commands of the agent run without a sandbox: ${sandbox.note}`, "Install what is named, or look closely at what you allow.")
		: fine(sandbox.kind);
}
