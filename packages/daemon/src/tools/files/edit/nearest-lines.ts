/** A place in a text that looks like what was searched. Lines count from 1. */
export interface NearLines {
	readonly firstLine: number;
	readonly lastLine: number;
	readonly text: string;
	/** 0 to 1. */
	readonly likeness: number;
}

const maxLinesCompared = 20_000;
const maxWantedLines = 40;
const maxLineLength = 400;

function pairsOf(line: string): Map<string, number> {
	const pairs = new Map<string, number>();
	const short = line.trim().slice(0, maxLineLength);
	for (let at = 0; at + 1 < short.length; at += 1) {
		const pair = short.slice(at, at + 2);
		pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
	}
	return pairs;
}

/** Share of letter pairs that two lines have in common (Sørensen–Dice). */
function likeness(a: Map<string, number>, b: Map<string, number>): number {
	let common = 0;
	let total = 0;
	for (const count of a.values()) {
		total += count;
	}
	for (const [pair, count] of b) {
		total += count;
		common += Math.min(count, a.get(pair) ?? 0);
	}
	return total === 0 ? 1 : (2 * common) / total;
}

/** The places in a text that look most like `wanted`, best first; those that do not resemble it are left out. */
export function nearestLines(text: string, wanted: string, howMany: number): NearLines[] {
	const lines = text.split("\n").slice(0, maxLinesCompared);
	const wantedLines = wanted.replace(/\n$/, "").split("\n");
	const compared = wantedLines.slice(0, maxWantedLines).map(pairsOf);
	const linePairs = lines.map(pairsOf);
	const found: NearLines[] = [];
	for (let start = 0; start + compared.length <= lines.length; start += 1) {
		const first = likeness(compared[0] ?? new Map(), linePairs[start] ?? new Map());
		// The first or the second line must resemble: comparing all of them everywhere would take seconds in long files.
		const second = compared.length > 1 ? likeness(compared[1] ?? new Map(), linePairs[start + 1] ?? new Map()) : 0;
		if (Math.max(first, second) < 0.5) {
			continue;
		}
		let sum = 0;
		for (const [index, pairs] of compared.entries()) {
			sum += likeness(pairs, linePairs[start + index] ?? new Map());
		}
		const score = sum / compared.length;
		if (score >= 0.5) {
			const lastLine = Math.min(lines.length, start + wantedLines.length);
			found.push({ firstLine: start + 1, lastLine, text: lines.slice(start, lastLine).join("\n"), likeness: score });
		}
	}
	found.sort((a, b) => b.likeness - a.likeness || a.firstLine - b.firstLine);
	const chosen: NearLines[] = [];
	for (const near of found) {
		if (chosen.length < howMany && chosen.every((other) => near.lastLine < other.firstLine || near.firstLine > other.lastLine)) {
			chosen.push(near);
		}
	}
	return chosen;
}
