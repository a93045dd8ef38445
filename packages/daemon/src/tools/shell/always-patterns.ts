/** Programs that only look, whatever their arguments. */
const lookers = new Set(
	"cd ls cat head tail wc pwd echo date which file stat du df tree cut diff cmp basename dirname realpath whoami uname grep rg".split(" "),
);

/** Programs whose first word says what they do. */
const withVerbs = new Set(
	"npm pnpm yarn bun deno npx git cargo go docker make just pip pip3 uv poetry gh kubectl terraform dotnet gradle mvn mix rake bundle turbo".split(
		" ",
	),
);

/** Verbs that run another program or name a script: the word behind them counts too. */
const longVerbs = new Set(["run", "exec", "x", "tool", "compose"]);

/** What should be asked for in these very words each time. */
const exact =
	/^(git (push|reset|clean|checkout|restore|rebase|config|submodule|filter-branch|filter-repo|remote|worktree)|docker (run|exec|rm|system)|kubectl (delete|exec|apply)|gh (api|auth|secret)|npm (publish|config|login)|terraform (apply|destroy)|npx|uv (run|x|tool)|deno (run|eval))\b/;

/** The pattern that matches only this text; none where it holds what stands for other texts in patterns. */
function literally(text: string): readonly string[] {
	return /[*?]/.test(text) ? [] : [text];
}

/**
 * What "always" proposes for a simple command: the command with any arguments where it only looks or its first words say
 * what it does (`npm test`, `npm test *`), else these very words, and nothing where those hold `*` or `?`.
 */
export function alwaysPatterns(command: string): readonly string[] {
	const words = command.split(" ");
	const [name = "", verb = "", object = ""] = words;
	if (lookers.has(name)) {
		return [name, `${name} *`];
	}
	const isWord = (text: string) => /^[a-z][\w:-]*$/.test(text);
	if (!withVerbs.has(name) || !isWord(verb) || exact.test(command)) {
		return literally(command);
	}
	if (!longVerbs.has(verb)) {
		return [`${name} ${verb}`, `${name} ${verb} *`];
	}
	return isWord(object) ? [`${name} ${verb} ${object}`, `${name} ${verb} ${object} *`] : literally(command);
}
