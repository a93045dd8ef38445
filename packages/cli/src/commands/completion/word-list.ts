import type { CommandSpec, OptionSpec } from "../../program/command-spec.ts";

/** What may follow the words of a command line. */
export interface WordList {
	/** Names of commands before, with spaces between: `` for the program itself, `sessions export`. */
	readonly path: string;
	readonly words: readonly { readonly word: string; readonly summary: string }[];
}

/** The long name of an option, as it is typed. */
function longName({ flags }: OptionSpec): string {
	return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}

/** What may follow each command, with its parents. */
export function collectWords(specs: readonly CommandSpec[], globals: readonly OptionSpec[], path = ""): WordList[] {
	const own = {
		path,
		words: [
			...specs.map(({ name, summary }) => ({ word: name, summary })),
			...globals.map((option) => ({ word: longName(option), summary: option.summary })),
		],
	};
	const below = specs.flatMap((spec) => {
		const at = path === "" ? spec.name : `${path} ${spec.name}`;
		const choices = (spec.arguments ?? []).flatMap((argument) => argument.choices ?? []);
		const options = (spec.options ?? []).map((option) => ({ word: longName(option), summary: option.summary }));
		if (spec.children !== undefined) {
			return collectWords(spec.children, [], at);
		}
		return [{ path: at, words: [...choices.map((word) => ({ word, summary: "" })), ...options, { word: "--help", summary: "show help" }] }];
	});
	return [own, ...below];
}
