import { plainText } from "./plain-text.ts";
import type { Style } from "./style.ts";
import { truncateText } from "./wrap.ts";

/** Draws a unified diff: what came green, what went red, the rest dimmed; each line cut at the edge. */
export function drawDiff(diff: string, columns: number, style: Style): string[] {
	return plainText(diff.trimEnd())
		.split("\n")
		.filter((line) => !/^(index |Index: |={20,}|diff --git |\\ No newline)/.test(line))
		.map((line) => truncateText(line, columns))
		.map((line) => {
			if (/^(\+\+\+|---) /.test(line)) {
				return style.bold(line);
			}
			if (line.startsWith("@@")) {
				return style.dim(line);
			}
			return line.startsWith("+") ? style.added(line) : line.startsWith("-") ? style.removed(line) : style.dim(line);
		});
}

/** Lines added and removed by a unified diff. */
export function diffCounts(diff: string): { readonly added: number; readonly removed: number } {
	const lines = diff.split("\n");
	const count = (sign: string, header: string) => lines.filter((line) => line.startsWith(sign) && !line.startsWith(header)).length;
	return { added: count("+", "+++ "), removed: count("-", "--- ") };
}
