import type { WordList } from "./word-list.ts";

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Words before the cursor that are commands, joined: options and their values are passed over by not being in any list. */
const findPath = `  local path="" word next
  for word in "\${before[@]}"; do
    next="\${path:+$path }$word"
    case "$next" in
@paths@) path="$next" ;;
    esac
  done`;

function pathCases(lists: readonly WordList[]): string {
	const paths = lists.map(({ path }) => path).filter((path) => path !== "");
	return `      ${paths.map((path) => quote(path)).join("|")}`;
}

/** For bash. */
export function bashScript(lists: readonly WordList[]): string {
	const cases = lists.map(({ path, words }) => `    ${quote(path)}) words=${quote(words.map(({ word }) => word).join(" "))} ;;`).join("\n");
	return `# Completion of opta for bash.
_opta() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  local -a before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
${findPath.replace("@paths@", pathCases(lists))}
  case "$path" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _opta opta
`;
}

/** For zsh. */
export function zshScript(lists: readonly WordList[]): string {
	const described = ({ word, summary }: WordList["words"][number]): string =>
		quote(`${word.replaceAll(":", "\\:")}${summary === "" ? "" : `:${summary}`}`);
	const cases = lists.map(({ path, words }) => `    ${quote(path)}) found=(${words.map(described).join(" ")}) ;;`).join("\n");
	return `#compdef opta
# Completion of opta for zsh.
_opta() {
  local -a before=("\${(@)words[2,CURRENT-1]}") found
${findPath.replace("@paths@", pathCases(lists))}
  case "$path" in
${cases}
  esac
  _describe 'opta' found || _files
}
if [ "$funcstack[1]" = "_opta" ]; then _opta "$@"; else compdef _opta opta; fi
`;
}

/** For fish. */
export function fishScript(lists: readonly WordList[]): string {
	const all = lists.flatMap(({ path, words }) =>
		words.map(({ word, summary }) => {
			const parents = path.split(" ").filter((part) => part !== "");
			const names = words.filter((one) => !one.word.startsWith("-")).map((one) => one.word);
			const condition = [
				...parents.map((name) => `__fish_seen_subcommand_from ${name}`),
				...(names.length > 0 && !word.startsWith("-") ? [`not __fish_seen_subcommand_from ${names.join(" ")}`] : []),
			].join("; and ");
			const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${quote(word)}`;
			return `complete -c opta${condition === "" ? "" : ` -n ${quote(condition)}`} ${what}${summary === "" ? "" : ` -d ${quote(summary)}`}`;
		}),
	);
	return `# Completion of opta for fish.\n${all.join("\n")}\n`;
}
