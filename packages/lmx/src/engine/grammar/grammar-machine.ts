import { type Element, emptyRules, type GrammarRules, takesAnyOf, takesCharacter } from "./grammar-rules.ts";

/** A place in a sequence; places of one grammar are numbered. */
interface Place {
	readonly id: number;
	readonly element: Element;
	/** Null at the end of the sequence. */
	readonly next: Place | null;
}

/** What is still to be matched: a place, and below it the places where to go on when its sequence ends. Interned: equal ones are the same. */
interface Stack {
	readonly id: number;
	readonly place: Place;
	/** Of a repetition: how often its rule was entered. */
	readonly count: number;
	readonly below: Stack | null;
	/** Stacks on top of this one, by place and count. */
	readonly above: Map<number, Map<number, Stack>>;
}

/** All the ways in which the text so far can go on. Interned: equal ones are the same object. */
export interface GrammarState {
	/** The text so far is complete. */
	readonly canEnd: boolean;
	/** Nothing may follow. */
	readonly isComplete: boolean;
}

interface State extends GrammarState {
	readonly stacks: readonly Stack[];
	/** The state after a character; null where it may not follow. */
	readonly after: Map<number, State | null>;
}

/**
 * Ways kept at once, and places visited for one character. A grammar that is more ambiguous than this loses
 * some ways: what it then allows still follows it, and no request can make the others wait.
 */
const maxStacks = 20_000;
const maxVisits = 200_000;

/** Characters whose next state is remembered, over all states. */
const maxRemembered = 300_000;

/**
 * Follows a text through a grammar, all possible ways at once (a nondeterministic pushdown automaton). States
 * are values: one can go back to any earlier one. What was worked out once is kept: characters inside a JSON
 * string, say, lead from a state to itself.
 */
export class GrammarMachine {
	readonly start: GrammarState;
	readonly #firstPlaces: readonly (readonly (Place | null)[])[];
	readonly #empty: ReadonlySet<number>;
	readonly #bottom = new Map<number, Map<number, Stack>>();
	readonly #states = new Map<string, State>();
	#stackCount = 0;
	#remembered = 0;
	#visits = 0;

	constructor({ rules, root }: GrammarRules) {
		let places = 0;
		this.#empty = emptyRules(rules);
		this.#firstPlaces = rules.map((alternatives) =>
			alternatives.map((sequence) => sequence.reduceRight<Place | null>((next, element) => ({ id: places++, element, next }), null)),
		);
		const found = new Set<Stack>();
		let canEnd = false;
		for (const place of this.#firstPlaces[root] ?? []) {
			canEnd = this.#explore(place === null ? null : this.#push(place, 0, null), found) || canEnd;
		}
		this.start = this.#state(found, canEnd);
	}

	/** The state after a character; null when it may not follow. */
	after(state: GrammarState, codePoint: number): GrammarState | null {
		const from = state as State;
		let next = from.after.get(codePoint);
		if (next === undefined) {
			next = this.#advance(from, (element) => element.kind === "characters" && takesCharacter(element, codePoint));
			if (this.#remembered < maxRemembered) {
				this.#remembered++;
				from.after.set(codePoint, next);
			}
		}
		return next;
	}

	/** The state after a token that the grammar names as such; null when it names none that fits. */
	afterToken(state: GrammarState, token: number): GrammarState | null {
		return this.#advance(state as State, (element) => element.kind === "token" && (element.token === token) !== element.isNegated);
	}

	/** True when the grammar names a token here. */
	wantsToken(state: GrammarState): boolean {
		return (state as State).stacks.some(({ place }) => place.element.kind === "token");
	}

	/** True when some character from `first` to `last` may follow. */
	takesAny(state: GrammarState, first: number, last: number): boolean {
		return (state as State).stacks.some(({ place: { element } }) => element.kind === "characters" && takesAnyOf(element, first, last));
	}

	#advance({ stacks }: State, takes: (element: Element) => boolean): State | null {
		const found = new Set<Stack>();
		let canEnd = false;
		this.#visits = 0;
		for (const stack of stacks) {
			if (takes(stack.place.element)) {
				canEnd = this.#explore(this.#behind(stack), found) || canEnd;
			}
		}
		return found.size === 0 && !canEnd ? null : this.#state(found, canEnd);
	}

	#push(place: Place, count: number, below: Stack | null): Stack {
		const above = below?.above ?? this.#bottom;
		let byCount = above.get(place.id);
		if (byCount === undefined) {
			byCount = new Map();
			above.set(place.id, byCount);
		}
		let stack = byCount.get(count);
		if (stack === undefined) {
			stack = { id: this.#stackCount++, place, count, below, above: new Map() };
			byCount.set(count, stack);
		}
		return stack;
	}

	/** Where to go on when the element on top is matched; null at the end of the text. */
	#behind({ place, below }: Stack): Stack | null {
		return place.next === null ? below : this.#push(place.next, 0, below);
	}

	/** Adds the stacks with a character or token on top that can be reached without any text; true when the end can be. */
	#explore(start: Stack | null, found: Set<Stack>): boolean {
		const open: (Stack | null)[] = [start];
		const seen = new Set<Stack>();
		/** The lowest count with which a repetition was reached, by what is below and place: from a higher one, empty rounds later, nothing new follows. */
		const counts = new Map<Stack | null, Map<Place, number>>();
		let canEnd = false;
		while (open.length > 0 && this.#visits++ < maxVisits) {
			const stack = open.pop() as Stack | null;
			if (stack === null) {
				canEnd = true;
				continue;
			}
			if (seen.has(stack)) {
				continue;
			}
			seen.add(stack);
			const { element } = stack.place;
			if (element.kind === "characters" || element.kind === "token") {
				if (found.size < maxStacks) {
					found.add(stack);
				}
			} else if (element.kind === "rule") {
				this.#enter(element.rule, this.#behind(stack), open);
			} else {
				const byPlace = counts.get(stack.below) ?? new Map<Place, number>();
				counts.set(stack.below, byPlace);
				if (stack.count < (byPlace.get(stack.place) ?? Number.POSITIVE_INFINITY)) {
					byPlace.set(stack.place, stack.count);
					this.#repeat(stack, element, open);
				}
			}
		}
		return canEnd;
	}

	#enter(rule: number, behind: Stack | null, open: (Stack | null)[]): void {
		for (const place of this.#firstPlaces[rule] ?? []) {
			open.push(place === null ? behind : this.#push(place, 0, behind));
		}
	}

	#repeat(stack: Stack, element: Extract<Element, { kind: "repeat" }>, open: (Stack | null)[]): void {
		const { rule, max } = element;
		const min = this.#empty.has(rule) ? 0 : element.min;
		if (stack.count >= min) {
			open.push(this.#behind(stack));
		}
		if (stack.count < max) {
			const count = max === Number.POSITIVE_INFINITY ? Math.min(stack.count + 1, min) : stack.count + 1;
			this.#enter(rule, this.#push(stack.place, count, stack.below), open);
		}
	}

	#state(found: ReadonlySet<Stack>, canEnd: boolean): State {
		const stacks = [...found].sort((a, b) => a.id - b.id);
		const key = `${canEnd} ${stacks.map(({ id }) => id).join(" ")}`;
		let state = this.#states.get(key);
		if (state === undefined) {
			state = { stacks, canEnd, isComplete: stacks.length === 0, after: new Map() };
			this.#states.set(key, state);
		}
		return state;
	}
}
