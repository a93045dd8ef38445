/** One line of a diff as it is shown. */
export interface DiffLine {
	readonly kind: "file" | "place" | "added" | "removed" | "same";
	readonly text: string;
}

const noise = /^(index |Index: |={20,}|diff --git |\\ No newline)/;

/** Reads a unified diff (POSIX `diff -u`) for people: the name of each file once, then its lines by what became of them. */
export function diffLines(diff: string): readonly DiffLine[] {
	const lines = diff
		.trimEnd()
		.split("\n")
		.filter((line) => !noise.test(line));
	return lines.flatMap((line, index): DiffLine[] => {
		const next = lines[index + 1] ?? "";
		if (line.startsWith("--- ") && next.startsWith("+++ ")) {
			const name = next === "+++ /dev/null" ? line : next;
			return [
				{
					kind: "file",
					text:
						name
							.slice(4)
							.replace(/^[ab]\//, "")
							.split("\t")[0] ?? "",
				},
			];
		}
		if (line.startsWith("+++ ") && lines[index - 1]?.startsWith("--- ")) {
			return [];
		}
		if (line.startsWith("@@")) {
			return [{ kind: "place", text: line }];
		}
		const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "same";
		return [{ kind, text: line }];
	});
}

/** True for a text that is a unified diff. */
export function isDiff(text: string): boolean {
	return /^@@ /m.test(text) || (/^--- /m.test(text) && /^\+\+\+ /m.test(text));
}
