import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { analyzeCommand } from "./analyze-command.ts";
import { joinWords } from "./read-word.ts";

const run = promisify(execFile);
let folder: string;
let log: string;

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), "opta-bash-"));
	log = path.join(folder, "log");
	// bash calls this for every name that it does not know, and here it knows none.
	await writeFile(path.join(folder, "env.sh"), `command_not_found_handle() { printf '%s\\0' "$1" >> '${log}'; }\n`);
});

afterAll(() => rm(folder, { recursive: true }));

/** The names of all commands that bash itself runs for a script. */
async function namesRun(script: string): Promise<readonly string[]> {
	await writeFile(log, "");
	const env = { PATH: "/nonexistent", BASH_ENV: path.join(folder, "env.sh") };
	// How it ends does not matter: unknown commands and broken scripts fail.
	await run("/bin/bash", ["--norc", "--noprofile", "-c", script], { cwd: folder, env, timeout: 10_000 }).catch(() => undefined);
	return (await readFile(log, "utf8")).split("\0").filter((name) => name !== "");
}

const pieces = fc.oneof(
	{ weight: 6, arbitrary: fc.constantFrom("a", "b", "cc", " ", "\n") },
	{
		weight: 3,
		arbitrary: fc.constantFrom(
			";",
			"&&",
			"||",
			"|",
			"&",
			"(",
			")",
			"{ ",
			"; }",
			"$(",
			"`",
			"!",
			"#",
			"\\",
			"=",
			"$",
			"${",
			"}",
			"((",
			"))",
			"$((",
			"<<<",
			"|&",
		),
	},
	{
		weight: 2,
		arbitrary: fc.constantFrom(
			"'",
			'"',
			"$'",
			"\\\n",
			"if ",
			"; then ",
			"; fi",
			"case a in a) ",
			";; esac",
			"for x in a; do ",
			"; done",
			"[[ a ]]",
			"a=",
			"[",
			"]",
			"x[$(",
		),
	},
);

test("whatever a text is made of, bash runs nothing that was not told beforehand", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(pieces, { maxLength: 18 }).map((parts) => parts.join("")),
			async (script) => {
				const analysis = await analyzeCommand(script);
				if (!analysis.clear) {
					return;
				}
				for (const name of await namesRun(script)) {
					const word = joinWords([{ text: name, fixed: true }]);
					const told = analysis.commands.some((command) => command === word || command.startsWith(`${word} `));
					expect(told, `${JSON.stringify(script)} runs ${JSON.stringify(name)}; told: ${JSON.stringify(analysis.commands)}`).toBe(true);
				}
			},
		),
		{ numRuns: 1000 },
	);
});
