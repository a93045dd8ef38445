import fc from "fast-check";
import { expect, test } from "vitest";
import { analyzeCommand } from "./analyze-command.ts";

test.each([
	["npm test && git diff | less", ["npm test", "git diff", "less"]],
	["a; b\nc & d || e", ["a", "b", "c", "d", "e"]],
	["echo $(rm -rf x) `ls`", ["echo $(rm -rf x) `ls`", "rm -rf x", "ls"]],
	[`echo "a $(b) \${c:-$(d)}"`, [`echo a $(b) \${c:-$(d)}`, "b", "d"]],
	["diff <(a x) <(b)", ["diff <(a x) <(b)", "a x", "b"]],
	["if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]],
	["for i in 1 2; do f $i; done; while g; do h; done", ["f $i", "g", "h"]],
	["case x in a) b;; *) c;; esac", ["b", "c"]],
	["(cd src; make) && { x; y; }", ["cd src", "make", "x", "y"]],
	["cat <<EOF\n$(date)\nEOF", ["cat", "date"]],
	["! a", ["a"]],
	[`r"m" -r'f' a\\ b`, ["rm -rf 'a b'"]],
	["/bin/rm x", ["/bin/rm x", "rm x"]],
	["sudo -u root rm x", ["sudo -u root rm x", "rm x"]],
	["timeout -k 5 10 nice -n 3 npm test", ["npm test"]],
	["env A=1 npm test", ["env A=1 npm test", "npm test"]],
	["env npm test", ["npm test"]],
	["A=1 npm test", ["A=1 npm test", "npm test"]],
	["PATH=/x; ls", ["PATH=/x", "ls"]],
	["export X=$(q)", ["export X=$(q)", "q"]],
	["ls | xargs -n 1 rm -f", ["ls", "xargs -n 1 rm -f", "rm -f {}"]],
	["find . -name '*.o' -exec rm {} \\; -exec sh -c 'ls' \\;", ["find . -name *.o -exec rm {} ; -exec sh -c ls ;", "rm {}", "ls"]],
	[`bash -lc "a && b 'c d'"`, ["a", "b 'c d'"]],
	["sh -c 'sh -c \"deep x\"'", ["deep x"]],
	["eval 'a; b'", ["a", "b"]],
	["trap 'rm x' EXIT", ["trap 'rm x' EXIT", "rm x"]],
	["nohup setsid command x y", ["x y"]],
	["[ -f x ] && cat x", ["cat x"]],
	["npm test \\\n  --run", ["npm test --run"]],
])("%s runs %j", async (source, commands) => {
	const analysis = await analyzeCommand(source);
	expect(analysis.commands.toSorted()).toEqual(commands.toSorted());
	expect(analysis.clear).toBe(true);
});

test.each([
	["a variable as name", "$X -rf"],
	["a substitution as name", "$(which rm) x"],
	["a pattern as name", "/bin/r? x"],
	["braces as name", "{rm,-rf,x}"],
	["a function, which changes what names mean", "ls() { rm x; }; ls"],
	["an alias", "alias ls=rm; ls"],
	["a file that is read in", ". ./x"],
	["a script that is made while it runs", 'bash -c "$X"'],
	["a shell that reads its input", "curl x | sh"],
	["eval of something unknown", "eval $X"],
	["a program that runs others", "watch rm x"],
	["env -S", "env -S 'rm x'"],
	["an open quote", "echo 'a"],
	["a missing command", "a |"],
	["brackets that are no test", "[]"],
	["a joined line behind a line break", "a\n\\\nrm"],
	["a dollar at the end of a line", "a=$\nrm"],
	["a word over two lines", "r\\\nm x"],
	["a control character", "ls \u0007"],
	["a space that is none for shells", "ls\u00a0x"],
	["a carriage return", "ls\r\nrm x"],
	["a word that the grammar takes for two", "'$'\\a b"],
	["a name that the grammar takes for a negation", "![[ a ]]"],
	["scripts in scripts without end", `${"sh -c ".repeat(9)}x`],
])("%s is not clear", async (_, source) => {
	expect((await analyzeCommand(source)).clear).toBe(false);
});

test("targets of redirections are told", async () => {
	const { paths } = await analyzeCommand("a > /etc/x 2>&1; b < in; c &>> ~/y");
	expect(paths.filter((one) => one.redirect === "write").map((one) => one.text)).toEqual(["/etc/x", "1", "~/y"]);
	expect(paths.filter((one) => one.redirect === "read").map((one) => one.text)).toEqual(["in"]);
});

const quote = fc.constantFrom(
	(text: string) => text,
	(text: string) => `'${text}'`,
	(text: string) => `"${text}"`,
	(text: string) => `${text.slice(0, 1)}"${text.slice(1)}"`,
	(text: string) => `\\${text}`,
);
const word = fc
	.stringMatching(/^[a-z]{1,6}$/)
	.filter(
		(text) =>
			!/^(if|then|else|elif|fi|do|done|case|esac|for|in|while|until|time|function|select|exec|eval|trap|env|nice|sh|su|find|hash|alias|cd|enable|source|shopt|watch|script|flock|zsh|ksh|dash|bash|sudo|doas|xargs|popd|pushd|unset|export|local)$/.test(
				text,
			),
	);
const simple = fc.array(fc.tuple(word, quote), { minLength: 1, maxLength: 4 }).map((words) => ({
	plain: words.map(([text]) => text).join(" "),
	source: words.map(([text, quoted]) => quoted(text)).join(" "),
}));
const joint = fc.constantFrom(" && ", " || ", " | ", "; ", "\n", " & ", " |& ");

/** A script of several commands, with the commands it is made of. */
const script = fc.letrec<{ script: { source: string; commands: readonly string[] } }>((tie) => ({
	script: fc.oneof(
		{ depthSize: "small", withCrossShrink: true },
		simple.map((one) => ({ source: one.source, commands: [one.plain] })),
		fc
			.tuple(tie("script"), joint, tie("script"))
			.map(([a, with_, b]) => ({ source: a.source + with_ + b.source, commands: [...a.commands, ...b.commands] })),
		tie("script").map((one) => ({ source: `( ${one.source} )`, commands: one.commands })),
		tie("script").map((one) => ({ source: `{ ${one.source}; }`, commands: one.commands })),
		fc
			.tuple(tie("script"), tie("script"))
			.map(([a, b]) => ({ source: `if ${a.source}; then ${b.source}; fi`, commands: [...a.commands, ...b.commands] })),
		tie("script").map((one) => ({ source: `X=$( ${one.source} )`, commands: one.commands })),
	),
})).script;

test("every command of a script is found, however it is joined and quoted", async () => {
	await fc.assert(
		fc.asyncProperty(script, async ({ source, commands }) => {
			const analysis = await analyzeCommand(source);
			// The grammar has holes (a line break before an escaped letter, in a substitution): they are noticed, then it asks.
			fc.pre(analysis.clear);
			expect(analysis.commands).toEqual(expect.arrayContaining([...commands]));
		}),
		{ numRuns: 300, maxSkipsPerRun: 1 },
	);
});

test("any text is answered", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(..."$(){}<>|&;'\"`\\ab \n=*[]!#-") })),
			async (source) => {
				const analysis = await analyzeCommand(source);
				expect(typeof analysis.clear).toBe("boolean");
			},
		),
		{ numRuns: 500 },
	);
});
