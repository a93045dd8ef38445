import { type CharSet, partition, unite } from "./char-set.ts";
import { PatternTooLargeError, type Term, type Terms } from "./terms.ts";

/** One state of a deterministic automaton: from each, some text is left that leads to an end. */
export interface State {
	readonly isEnd: boolean;
	readonly edges: readonly { readonly set: CharSet; readonly to: number }[];
}

/** More states than this are a pattern too large to enforce. */
const maxStates = 3000;

function reachesEnd(states: readonly State[]): boolean[] {
	const sources = states.map((): number[] => []);
	for (const [from, { edges }] of states.entries()) {
		for (const { to } of edges) {
			sources[to]?.push(from);
		}
	}
	const alive = states.map(({ isEnd }) => isEnd);
	const open = states.flatMap(({ isEnd }, index) => (isEnd ? [index] : []));
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		for (const source of sources[next] ?? []) {
			if (alive[source] !== true) {
				alive[source] = true;
				open.push(source);
			}
		}
	}
	return alive;
}

/** The automaton of a language; it begins in state 0. No states: the language has no text. Throws PatternTooLargeError. */
export function buildAutomaton(terms: Terms, language: Term): readonly State[] {
	const classes = partition(terms.charSets(language));
	/** Sets by the classes that make them up: most states have the same few. */
	const united = new Map<string, CharSet>();
	const uniteClasses = (numbers: readonly number[]): CharSet => {
		const key = numbers.join(",");
		const set = united.get(key) ?? unite(...numbers.flatMap((number) => [classes[number] ?? []]));
		united.set(key, set);
		return set;
	};
	const numbers = new Map<Term, number>([[language, 0]]);
	const order: Term[] = [language];
	const states: State[] = [];
	for (let next = order[states.length]; next !== undefined; next = order[states.length]) {
		const bySuccessor = new Map<number, number[]>();
		for (const [index, members] of classes.entries()) {
			const successor = terms.after(next, members[0] as number);
			if (successor.kind === "nothing") {
				continue;
			}
			const number = numbers.get(successor) ?? order.push(successor) - 1;
			numbers.set(successor, number);
			bySuccessor.set(number, [...(bySuccessor.get(number) ?? []), index]);
		}
		if (order.length > maxStates) {
			throw new PatternTooLargeError();
		}
		states.push({ isEnd: next.isNullable, edges: Array.from(bySuccessor, ([to, members]) => ({ set: uniteClasses(members), to })) });
	}
	const alive = reachesEnd(states);
	const renumbered = new Map<number, number>();
	for (const [index, isAlive] of alive.entries()) {
		if (isAlive) {
			renumbered.set(index, renumbered.size);
		}
	}
	return alive[0] !== true
		? []
		: [...renumbered.keys()].map((index) => {
				const state = states[index] as State;
				const edges = state.edges.flatMap(({ set, to }) => {
					const target = renumbered.get(to);
					return target === undefined ? [] : [{ set, to: target }];
				});
				return { isEnd: state.isEnd, edges };
			});
}
