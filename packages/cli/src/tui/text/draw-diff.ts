import { plainText } from "./plain-text.ts";
import type { Style } from "./style.ts";
import { truncateText } from "./wrap.ts";

/** Stands before names of files, which no line of a diff begins with. */
const nameMark = "\n";

/** Draws a unified diff: what came green, what went red, the rest dimmed, the name of each file once; each line cut at the edge. */
export function drawDiff(diff: string, columns: number, style: Style): string[] {
	return plainText(diff.trimEnd())
		.split("\n")
		.filter((line) => !/^(index |Index: |={20,}|diff --git |\\ No newline)/.test(line))
		.filter((line, index, all) => !(line.startsWith("--- ") && all[index + 1]?.startsWith("+++ ") && all[index + 1] !== "+++ /dev/null"))
		.filter((line, index, all) => !(line === "+++ /dev/null" && all[index - 1]?.startsWith("--- ")))
		.map((line, index, all) => {
			const isName = /^(\+\+\+|---) /.test(line) && all[index + 1]?.startsWith("@@");
			return isName ? line.replace(/^.{4}(?:[ab]\/)?/, nameMark) : truncateText(line, columns);
		})
		.map((line) => {
			if (line.startsWith(nameMark)) {
				return style.bold(truncateText(line.slice(nameMark.length), columns));
			}
			if (line.startsWith("@@")) {
				return style.dim(line);
			}
			return line.startsWith("+") ? style.added(line) : line.startsWith("-") ? style.removed(line) : style.dim(line);
		});
}
