import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { homeFiles } from "@opta/daemon/platform/home-files";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";

async function ensureFile(file: string): Promise<void> {
	await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
	try {
		await writeFile(file, "{\n\t// Settings: opta config list\n}\n", { mode: 0o600, flag: "wx" });
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
			throw error;
		}
	}
}

/** Opens the file of the user in an editor, and checks it afterwards. */
export const runEdit: CommandRun = async ({ context }) => {
	const { environment, home, output } = context;
	const file = homeFiles(home).config;
	await ensureFile(file);
	const editor = environment.VISUAL || environment.EDITOR || (process.platform === "win32" ? "notepad" : "vi");
	// An editor may be named with its flags, as in `code --wait`; the shell takes them apart.
	const child =
		process.platform === "win32"
			? spawn(`${editor} "${file}"`, { stdio: "inherit", shell: true })
			: spawn("/bin/sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit" });
	const [code] = await once(child, "close");
	if (code !== 0) {
		throw new CommandFailure("failed", `The editor (${editor}) ended with code ${code}. Name another in EDITOR, or open ${file} yourself.`);
	}
	await loadCliConfig(context);
	output.note(`${file} is valid.`);
	return "ok";
};
