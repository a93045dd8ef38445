import { describe, expect, it } from "vitest";
import { readCommandLine } from "./command-line.ts";
import { optionSpecs } from "./option-specs.ts";

describe("readCommandLine", () => {
	it("reads flags in both spellings", () => {
		expect(readCommandLine(["--roles", "lmx", "--lmx-port=18001"])).toEqual({ kind: "run", flags: { roles: "lmx", "lmx-port": "18001" } });
	});

	it.each(["--help", "-h"])("lists every flag with its variable: %s", (flag) => {
		const help = readCommandLine([flag]);
		const text = help.kind === "help" ? help.text : "";
		for (const spec of optionSpecs) {
			expect(text).toContain(`--${spec.flag} <${spec.value}>`);
			expect(text).toContain(`[${spec.variable}]`);
		}
	});

	it.each([
		[["--rols", "lmx"], /^Unknown option '--rols'.*--help lists every flag\.$/],
		[["--port"], /^Option '--port <number>' argument missing.*--help lists every flag\.$/],
		[["lmx"], /^Too many arguments.*--help lists every flag\.$/],
	])("says in one line what is wrong: %j", (args, message) => {
		expect(readCommandLine(args)).toEqual({ kind: "wrong", message: expect.stringMatching(message) });
	});
});
