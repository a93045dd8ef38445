import stringWidth from "string-width";

/** Lines of a table: columns as wide as their widest cell, two spaces between, nothing after the last. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
	const widths: number[] = [];
	for (const row of rows) {
		row.forEach((cell, column) => {
			widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
		});
	}
	return rows.map((row) =>
		row
			.map((cell, column) => (column === row.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - stringWidth(cell))))
			.join("  ")
			.trimEnd(),
	);
}
