import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { globalOptions } from "../../program/build-program.ts";
import { commandSpecs } from "../../program/command-table.ts";
import { bashScript } from "./shell-scripts.ts";
import { collectWords } from "./word-list.ts";

const run = promisify(execFile);

/** What bash offers for a line whose last word is not finished. */
async function complete(...words: string[]): Promise<string[]> {
	const script = `${bashScript(collectWords(commandSpecs, globalOptions))}
COMP_WORDS=(opta "$@"); COMP_CWORD=$#; _opta; printf '%s\\n' "\${COMPREPLY[@]}"`;
	const { stdout } = await run("bash", ["-c", script, "bash", ...words]);
	return stdout.trim().split("\n");
}

it("offers commands, their children, flags and choices in bash", async () => {
	expect(await complete("ses")).toEqual(["sessions"]);
	expect(await complete("sessions", "ex")).toEqual(["export"]);
	expect(await complete("sessions", "export", "019ab3", "--fo")).toEqual(["--format"]);
	expect(await complete("--state-dir", "/tmp/x", "config", "ed")).toEqual(["edit"]);
	expect(await complete("completion", "z")).toEqual(["zsh"]);
});
