/** A grammar after parsing. All rules, groups and repetitions are numbered; texts are sequences of characters. */
export interface GrammarRules {
	/** Alternatives of every rule, by its number. */
	readonly rules: readonly Alternatives[];
	/** The rule named `root`. */
	readonly root: number;
}

/** A rule matches what one of its sequences matches. */
export type Alternatives = readonly (readonly Element[])[];

/** One step of a sequence. */
export type Element =
	/** One character within (or, negated, outside of) the ranges: first and last code point of each, one after the other. */
	| { readonly kind: "characters"; readonly ranges: readonly number[]; readonly isNegated: boolean }
	/** One token, or any token but that one. */
	| { readonly kind: "token"; readonly token: number; readonly isNegated: boolean }
	| { readonly kind: "rule"; readonly rule: number }
	/** A rule several times in a row; `max` may be Infinity. */
	| { readonly kind: "repeat"; readonly rule: number; readonly min: number; readonly max: number };

/** True when the character element takes a code point. */
export function takesCharacter(element: Extract<Element, { kind: "characters" }>, codePoint: number): boolean {
	const { ranges, isNegated } = element;
	for (let index = 0; index < ranges.length; index += 2) {
		if (codePoint >= (ranges[index] as number) && codePoint <= (ranges[index + 1] as number)) {
			return !isNegated;
		}
	}
	return isNegated;
}

/** True when the character element takes any code point from `first` to `last`. */
export function takesAnyOf(element: Extract<Element, { kind: "characters" }>, first: number, last: number): boolean {
	const { ranges, isNegated } = element;
	if (!isNegated) {
		return ranges.some((start, index) => index % 2 === 0 && start <= last && (ranges[index + 1] as number) >= first);
	}
	let free = first;
	const sorted = ranges
		.flatMap((start, index) => (index % 2 === 0 ? [[start, ranges[index + 1] as number] as const] : []))
		.sort(([a], [b]) => a - b);
	for (const [start, end] of sorted) {
		if (start > free) {
			return true;
		}
		free = Math.max(free, end + 1);
	}
	return free <= last;
}

/** Rules that match the empty text. */
export function emptyRules(rules: readonly Alternatives[]): ReadonlySet<number> {
	const empty = new Set<number>();
	const isEmpty = (element: Element): boolean =>
		(element.kind === "rule" && empty.has(element.rule)) || (element.kind === "repeat" && (element.min === 0 || empty.has(element.rule)));
	for (let size = -1; size !== empty.size; ) {
		size = empty.size;
		rules.forEach((alternatives, rule) => {
			if (!empty.has(rule) && alternatives.some((sequence) => sequence.every(isEmpty))) {
				empty.add(rule);
			}
		});
	}
	return empty;
}

/** A rule that can begin with itself, which would never end; null when there is none. */
export function findLeftRecursion(rules: readonly Alternatives[]): number | null {
	const empty = emptyRules(rules);
	const first = rules.map((alternatives) => {
		const found: number[] = [];
		for (const sequence of alternatives) {
			for (const element of sequence) {
				if (element.kind !== "rule" && element.kind !== "repeat") {
					break;
				}
				found.push(element.rule);
				if (!empty.has(element.rule) && !(element.kind === "repeat" && element.min === 0)) {
					break;
				}
			}
		}
		return found;
	});
	const done = new Set<number>();
	const open = new Set<number>();
	for (let start = 0; start < rules.length; start++) {
		const path: { rule: number; next: number }[] = [{ rule: start, next: 0 }];
		open.add(start);
		while (path.length > 0) {
			const at = path[path.length - 1] as { rule: number; next: number };
			const child = first[at.rule]?.[at.next++];
			if (child === undefined) {
				open.delete(at.rule);
				done.add(at.rule);
				path.pop();
			} else if (open.has(child)) {
				return child;
			} else if (!done.has(child)) {
				open.add(child);
				path.push({ rule: child, next: 0 });
			}
		}
	}
	return null;
}
