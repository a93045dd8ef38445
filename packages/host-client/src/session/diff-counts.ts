/** Lines added and removed by a unified diff. */
export function diffCounts(diff: string): { readonly added: number; readonly removed: number } {
	const lines = diff.split("\n");
	const count = (sign: string, header: string) => lines.filter((line) => line.startsWith(sign) && !line.startsWith(header)).length;
	return { added: count("+", "+++ "), removed: count("-", "--- ") };
}
