import { type Expression, options, rule, sequence, text } from "./expression.ts";
import type { GrammarBuilder } from "./grammar.ts";
import { buildAutomaton, type State } from "./text/automaton.ts";
import { anyChar, type CharSet, charSet, charsOf, complement, includesChar, intersect } from "./text/char-set.ts";
import type { Term, Terms } from "./text/terms.ts";

const mustEscape = charSet([0, 0x1f], [0x22, 0x22], [0x5c, 0x5c]);
const shortEscapes = new Map([
	[0x22, '\\"'],
	[0x5c, "\\\\"],
	[0x08, "\\b"],
	[0x0c, "\\f"],
	[0x0a, "\\n"],
	[0x0d, "\\r"],
	[0x09, "\\t"],
]);
const hex = charSet([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]);

/** A character as JSON writes it inside of a string; every one in one way only. */
function encoded(set: CharSet): Expression {
	const plain = intersect(set, complement(mustEscape));
	const escapes = [...shortEscapes].filter(([code]) => includesChar(set, code)).map(([, written]) => text(written));
	const chars: Expression[] = plain.length === 0 ? [] : [{ kind: "chars", set: plain }];
	const parts = [...chars, ...escapes];
	if (parts.length > 0) {
		return options(...parts);
	}
	const code = set[0] as number;
	return text(`\\u${code.toString(16).padStart(4, "0")}`);
}

/** Rules of JSON that schemas build upon (RFC 8259). White space is bounded, so that a model cannot lose itself in it. */
export class JsonRules {
	readonly #grammar: GrammarBuilder;
	readonly #terms: Terms;
	readonly #named = new Map<string, Expression>();
	/** Rules of languages that were made already, of strings and of numbers. */
	readonly #strings = new Map<Term, Expression | null>();
	readonly #numbers = new Map<Term, Expression | null>();

	constructor(grammar: GrammarBuilder, terms: Terms) {
		this.#grammar = grammar;
		this.#terms = terms;
	}

	#once(name: string, make: () => Expression): Expression {
		const known = this.#named.get(name);
		if (known !== undefined) {
			return known;
		}
		const reserved = rule(this.#grammar.reserve(name));
		this.#named.set(name, reserved);
		this.#grammar.define(reserved.name, make());
		return reserved;
	}

	/** Nothing, a space, or a new line with its indentation. */
	get space(): Expression {
		return this.#once("ws", () => {
			const indent = this.#grammar.repeat("indent", { kind: "chars", set: charsOf(" \t") }, 0, 20);
			return options(text(""), text(" "), sequence(text("\n"), indent));
		});
	}

	/** A character of a string: as it is or escaped, never half of a surrogate pair. */
	get char(): Expression {
		return this.#once("char", () => {
			const digit: Expression = { kind: "chars", set: hex };
			const letters: Expression = { kind: "chars", set: intersect(hex, complement(charsOf("dD"))) };
			const low: Expression = { kind: "chars", set: charSet([0x30, 0x37]) };
			const unit = options(sequence(letters, digit, digit, digit), sequence({ kind: "chars", set: charsOf("dD") }, low, digit, digit));
			return options(
				{ kind: "chars", set: intersect(anyChar, complement(mustEscape)) },
				sequence(text("\\"), options({ kind: "chars", set: charsOf('"\\/bfnrt') }, sequence(text("u"), unit))),
			);
		});
	}

	/** A string of bounded length, counted in characters. */
	string(minLength: number, maxLength: number | null): Expression {
		return this.#grammar.add("string", sequence(text('"'), this.#grammar.repeat("char", this.char, minLength, maxLength), text('"')));
	}

	/** A string whose text is in a language; null when there is none. Throws PatternTooLargeError. */
	stringOf(hint: string, language: Term): Expression | null {
		let made = this.#strings.get(language);
		if (made === undefined) {
			const body = this.#walk(hint, buildAutomaton(this.#terms, language), encoded);
			made = body === null ? null : this.#grammar.add(hint, sequence(text('"'), body, text('"')));
			this.#strings.set(language, made);
		}
		return made;
	}

	/** A number whose writing is in a language; null when there is none. */
	numberOf(hint: string, language: Term): Expression | null {
		let made = this.#numbers.get(language);
		if (made === undefined) {
			made = this.#walk(hint, buildAutomaton(this.#terms, language), (set) => ({ kind: "chars", set }));
			this.#numbers.set(language, made);
		}
		return made;
	}

	#walk(hint: string, states: readonly State[], write: (set: CharSet) => Expression): Expression | null {
		if (states.length === 0) {
			return null;
		}
		const arrivals = states.map(() => 0);
		for (const { edges } of states) {
			for (const { to } of edges) {
				arrivals[to] = (arrivals[to] ?? 0) + 1;
			}
		}
		const names = new Map<number, string>();
		const open = [0];
		const useOf = (index: number): Expression => {
			const known = names.get(index);
			if (known !== undefined) {
				return rule(known);
			}
			const name = this.#grammar.reserve(`${hint}-s`);
			names.set(index, name);
			open.push(index);
			return rule(name);
		};
		/** States that nothing else leads to are written in place while there is one way on. */
		const chain = (from: { readonly set: CharSet; readonly to: number }): Expression => {
			const parts = [write(from.set)];
			let to = from.to;
			for (let state = states[to]; state !== undefined && to !== 0 && arrivals[to] === 1; state = states[to]) {
				const [edge] = state.edges;
				if (edge === undefined) {
					return sequence(...parts);
				}
				if (state.isEnd || state.edges.length > 1) {
					break;
				}
				parts.push(write(edge.set));
				to = edge.to;
			}
			const target = states[to];
			return target?.edges.length === 0 ? sequence(...parts) : sequence(...parts, useOf(to));
		};
		names.set(0, this.#grammar.reserve(`${hint}-s`));
		for (let index = open.pop(); index !== undefined; index = open.pop()) {
			const { edges, isEnd } = states[index] as State;
			const ways = edges.map(chain);
			this.#grammar.define(names.get(index) as string, options(...ways, ...(isEnd ? [text("")] : [])));
		}
		return rule(names.get(0) as string);
	}

	/** Any number that JSON and JavaScript both can hold. */
	get number(): Expression {
		return this.#once("number", () => {
			const digit: Expression = { kind: "chars", set: charSet([0x30, 0x39]) };
			const sign: Expression = { kind: "chars", set: charsOf("+-") };
			const fraction = options(sequence(text("."), this.#grammar.repeat("digit", digit, 1, 16)), text(""));
			const exponent = options(
				sequence({ kind: "chars", set: charsOf("eE") }, options(sign, text("")), this.#grammar.repeat("digit", digit, 1, 2)),
				text(""),
			);
			return sequence(this.integer, fraction, exponent);
		});
	}

	/** A whole number of at most 16 digits. */
	get integer(): Expression {
		return this.#once("integer", () => {
			const first: Expression = { kind: "chars", set: charSet([0x31, 0x39]) };
			const more = this.#grammar.repeat("digit", { kind: "chars", set: charSet([0x30, 0x39]) }, 0, 15);
			return sequence(options(text("-"), text("")), options(text("0"), sequence(first, more)));
		});
	}

	get boolean(): Expression {
		return this.#once("boolean", () => options(text("true"), text("false")));
	}

	get null(): Expression {
		return text("null");
	}

	/** Any value. */
	get value(): Expression {
		return this.#once("value", () => options(this.object, this.array, this.string(0, null), this.number, this.boolean, this.null));
	}

	/** Any object. */
	get object(): Expression {
		return this.#once("object", () => {
			const member = this.#grammar.add("member", this.member(this.string(0, null), this.value));
			return this.list("{", "}", member, 0, null);
		});
	}

	/** Any array. */
	get array(): Expression {
		return this.#once("array", () => this.list("[", "]", this.value, 0, null));
	}

	/** A name and its value. */
	member(name: Expression, value: Expression): Expression {
		return sequence(name, text(":"), this.space, value);
	}

	/** Items between brackets, with commas. */
	list(open: string, close: string, item: Expression, min: number, max: number | null): Expression {
		const empty = text(open + close);
		if (max === 0) {
			return empty;
		}
		const next = sequence(text(","), this.space, item);
		const more = this.#grammar.repeat("next", next, Math.max(0, min - 1), max === null ? null : max - 1);
		const filled = sequence(text(open), this.space, item, more, this.space, text(close));
		return min === 0 ? options(filled, empty) : filled;
	}
}
