import { execFile } from "node:child_process";
import { access, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type Autostart, type AutostartWish, autostartFor } from "../platform/autostart.ts";
import type { OptaPlatform } from "../platform/opta-home.ts";
import { replaceFile } from "../platform/replace-file.ts";

const execute = promisify(execFile);

/** Runs a program of the system; rejects with its own words where it fails. */
export type RunProgram = (command: readonly string[]) => Promise<void>;

/** What was installed or taken away, or why not, for people. */
export type InstallOutcome =
	| { readonly ok: true; readonly kind: Autostart["kind"]; readonly file: string }
	| { readonly ok: false; readonly message: string };

const runProgram: RunProgram = async ([file = "", ...args]) => {
	await execute(file, args, { windowsHide: true });
};

function reasonOf(error: unknown): string {
	const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
	return stderr || (error instanceof Error ? error.message : String(error));
}

/** Has the system start the daemon at login, and now. Installing again replaces what was there. */
export async function installDaemon(platform: OptaPlatform, wish: AutostartWish, run: RunProgram = runProgram): Promise<InstallOutcome> {
	const { kind, file, content, encoding, enable } = autostartFor(platform, wish);
	try {
		await mkdir(wish.home, { recursive: true, mode: 0o700 });
		await mkdir(path.dirname(file), { recursive: true });
		// The byte order mark tells the task scheduler the encoding.
		await replaceFile(file, Buffer.from(encoding === "utf16le" ? `\uFEFF${content}` : content, encoding));
		for (const command of enable) {
			await run(command);
		}
		return { ok: true, kind, file };
	} catch (error) {
		return { ok: false, message: `The daemon could not be installed (${kind}): ${reasonOf(error)}` };
	}
}

/** What was taken away; nothing where `kind` is null. Or why not, for people. */
export type UninstallOutcome =
	| { readonly ok: true; readonly kind: Autostart["kind"] | null }
	| { readonly ok: false; readonly message: string };

/** Takes the daemon out of what starts at login, and stops the one that was started so. */
export async function uninstallDaemon(
	platform: OptaPlatform,
	wish: AutostartWish,
	run: RunProgram = runProgram,
): Promise<UninstallOutcome> {
	const { kind, file, disable } = autostartFor(platform, wish);
	const isInstalled = await access(file).then(
		() => true,
		() => false,
	);
	if (!isInstalled) {
		return { ok: true, kind: null };
	}
	try {
		for (const command of disable) {
			await run(command);
		}
		await rm(file, { force: true });
		return { ok: true, kind };
	} catch (error) {
		return { ok: false, message: `The daemon could not be taken out (${kind}): ${reasonOf(error)}. Its file is still there: ${file}` };
	}
}
