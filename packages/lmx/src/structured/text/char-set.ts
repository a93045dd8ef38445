/** A set of Unicode scalar values: ascending, not touching ranges, as `first, last, first, last, …`. */
export type CharSet = readonly number[];

const highest = 0x10ffff;

/** Every character. Surrogates are none. */
export const anyChar: CharSet = [0, 0xd7ff, 0xe000, highest];

/** Makes a set of ranges in any order. */
export function charSet(...ranges: readonly (readonly [first: number, last: number])[]): CharSet {
	const merged: number[] = [];
	for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
		const end = merged.at(-1);
		if (end !== undefined && first <= end + 1) {
			merged[merged.length - 1] = Math.max(end, last);
		} else {
			merged.push(first, last);
		}
	}
	return merged;
}

function rangesOf(set: CharSet): [number, number][] {
	return Array.from({ length: set.length / 2 }, (_, index) => [set[index * 2] as number, set[index * 2 + 1] as number]);
}

/** The characters of a text. */
export function charsOf(text: string): CharSet {
	return charSet(...Array.from(text, (char): [number, number] => [char.codePointAt(0) as number, char.codePointAt(0) as number]));
}

/** What is in any of the sets. */
export function unite(...sets: readonly CharSet[]): CharSet {
	return charSet(...sets.flatMap(rangesOf));
}

/** What is in both sets. */
export function intersect(a: CharSet, b: CharSet): CharSet {
	return charSet(
		...rangesOf(a).flatMap(([aFirst, aLast]) =>
			rangesOf(b)
				.map(([bFirst, bLast]): [number, number] => [Math.max(aFirst, bFirst), Math.min(aLast, bLast)])
				.filter(([first, last]) => first <= last),
		),
	);
}

/** All characters that are not in the set. */
export function complement(set: CharSet): CharSet {
	const gaps: [number, number][] = [];
	let next = 0;
	for (const [first, last] of rangesOf(set)) {
		if (first > next) {
			gaps.push([next, first - 1]);
		}
		next = last + 1;
	}
	if (next <= highest) {
		gaps.push([next, highest]);
	}
	return intersect(charSet(...gaps), anyChar);
}

/** True when the character is in the set. */
export function includesChar(set: CharSet, char: number): boolean {
	return rangesOf(set).some(([first, last]) => first <= char && char <= last);
}

function escaped(char: number): string {
	return /[0-9A-Za-z]/.test(String.fromCharCode(char)) ? String.fromCharCode(char) : `\\U${char.toString(16).padStart(8, "0")}`;
}

/** The set as a character class of GBNF. */
export function toClass(set: CharSet): string {
	const ranges = rangesOf(set).map(([first, last]) => (first === last ? escaped(first) : `${escaped(first)}-${escaped(last)}`));
	return `[${ranges.join("")}]`;
}

/** Splits all characters so that each of the given sets is a union of parts. */
export function partition(sets: readonly CharSet[]): CharSet[] {
	let parts: CharSet[] = [anyChar];
	for (const set of sets) {
		parts = parts.flatMap((part) => {
			const inside = intersect(part, set);
			return inside.length === 0 || (inside.length === part.length && inside.every((value, index) => value === part[index]))
				? [part]
				: [inside, intersect(part, complement(set))];
		});
	}
	return parts;
}
