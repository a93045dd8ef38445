import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type OptaPlatform, thisPlatform } from "./opta-home.ts";
import { replaceFile } from "./replace-file.ts";

const run = promisify(execFile);

/** How a system makes a file or folder its user's alone. */
export type PrivateRights =
	| { readonly kind: "mode"; readonly file: number; readonly folder: number }
	/** `icacls` with these arguments after the path: nothing is inherited, the user alone is granted. */
	| { readonly kind: "acl"; readonly args: readonly string[] };

/** Rights of state files: mode 0600 in folders of 0700, or a user-only access list on Windows. */
export function privateRights(platform: OptaPlatform, userName: string): PrivateRights {
	return platform === "win32"
		? { kind: "acl", args: ["/inheritance:r", "/grant:r", `${userName}:F`] }
		: { kind: "mode", file: 0o600, folder: 0o700 };
}

/** Writes a file that its user alone may read: whole or not at all, and on disk when it resolves. */
export async function writePrivateText(file: string, text: string, platform: OptaPlatform = thisPlatform()): Promise<void> {
	const rights = privateRights(platform, os.userInfo().username);
	await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
	await replaceFile(file, text);
	if (rights.kind === "acl") {
		await run("icacls", [file, ...rights.args]);
	}
}
