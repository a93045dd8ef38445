import { anyChar, type CharSet, charSet, charsOf, complement, unite } from "./char-set.ts";
import type { Term, Terms } from "./terms.ts";

/** A pattern that cannot be enforced, with the reason as the end of a sentence. */
export class PatternRefusal extends Error {}

const digits = charSet([0x30, 0x39]);
const wordChars = unite(digits, charSet([0x41, 0x5a], [0x61, 0x7a]), charsOf("_"));
const spaces = unite(charSet([0x09, 0x0d], [0x2000, 0x200a]), charsOf(" \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"));
const notLineEnds = complement(charsOf("\n\r\u2028\u2029"));

const classEscapes: Readonly<Record<string, CharSet>> = {
	d: digits,
	D: complement(digits),
	w: wordChars,
	W: complement(wordChars),
	s: spaces,
	S: complement(spaces),
};
const charEscapes: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b, f: 0x0c, "0": 0 };

/** Most repetitions of one part. */
const maxRepetitions = 1000;

/**
 * Reads a pattern of ECMA-262 in Unicode mode, as JSON Schema means it: it may match anywhere in the text.
 * The subset: literals, classes, groups, alternation, quantifiers, anchors at the ends, and lookaheads outside
 * of groups. Throws PatternRefusal for the rest.
 */
class PatternReader {
	readonly #terms: Terms;
	readonly #source: readonly string[];
	#place = 0;
	#depth = 0;

	constructor(terms: Terms, source: string) {
		this.#terms = terms;
		this.#source = [...source];
	}

	#peek(text: string): boolean {
		return this.#source.slice(this.#place, this.#place + text.length).join("") === text;
	}

	#take(text: string): boolean {
		const found = this.#peek(text);
		this.#place += found ? text.length : 0;
		return found;
	}

	#next(): string {
		return this.#source[this.#place++] ?? "";
	}

	/** The whole pattern: each of its alternatives has anchors of its own. */
	pattern(): Term {
		const anything = this.#terms.repeat(this.#terms.chars(anyChar), 0, Number.POSITIVE_INFINITY);
		const options: Term[] = [];
		do {
			const begin = this.#take("^") ? [] : [anything];
			options.push(this.#terms.sequence([...begin, this.#topSequence(anything)]));
		} while (this.#take("|"));
		return this.#terms.or(...options);
	}

	/** A lookahead outside of groups says something of all that follows. */
	#topSequence(anything: Term): Term {
		const parts: Term[] = [];
		while (this.#place < this.#source.length && !this.#peek("|")) {
			const isNegative = this.#peek("(?!");
			if (this.#take("(?=") || this.#take("(?!")) {
				const ahead = this.#lookahead(anything);
				const rest = this.#topSequence(anything);
				return this.#terms.sequence([...parts, this.#terms.and(isNegative ? this.#terms.not(ahead) : ahead, rest)]);
			}
			if (this.#take("$")) {
				if (this.#place < this.#source.length && !this.#peek("|")) {
					throw new PatternRefusal("it has an anchor in the middle");
				}
				return this.#terms.sequence(parts);
			}
			parts.push(this.#quantified());
		}
		return this.#terms.sequence([...parts, anything]);
	}

	#lookahead(anything: Term): Term {
		const options: Term[] = [];
		do {
			const parts: Term[] = [];
			let isAnchored = false;
			while (!this.#peek("|") && !this.#peek(")")) {
				isAnchored = this.#take("$");
				if (!isAnchored) {
					parts.push(this.#quantified());
				}
			}
			options.push(this.#terms.sequence(isAnchored ? parts : [...parts, anything]));
		} while (this.#take("|"));
		this.#next();
		return this.#terms.or(...options);
	}

	#alternatives(): Term {
		const options: Term[] = [];
		do {
			const parts: Term[] = [];
			while (!this.#peek("|") && !this.#peek(")")) {
				parts.push(this.#quantified());
			}
			options.push(this.#terms.sequence(parts));
		} while (this.#take("|"));
		this.#next();
		return this.#terms.or(...options);
	}

	#quantified(): Term {
		const atom = this.#atom();
		const counted = /^\{(\d+)(,)?(\d+)?\}/.exec(this.#source.slice(this.#place, this.#place + 24).join(""));
		let bounds: readonly [number, number] | null = null;
		if (counted !== null) {
			const [all, min, comma, max] = counted;
			this.#place += all.length;
			bounds = [Number(min), max === undefined ? (comma === undefined ? Number(min) : Number.POSITIVE_INFINITY) : Number(max)];
		} else if (this.#take("*")) {
			bounds = [0, Number.POSITIVE_INFINITY];
		} else if (this.#take("+")) {
			bounds = [1, Number.POSITIVE_INFINITY];
		} else if (this.#take("?")) {
			bounds = [0, 1];
		}
		if (bounds === null) {
			return atom;
		}
		this.#take("?");
		const [min, max] = bounds;
		if (min > maxRepetitions || (max !== Number.POSITIVE_INFINITY && max > maxRepetitions)) {
			throw new PatternRefusal(`it repeats a part more than ${maxRepetitions} times`);
		}
		return this.#terms.repeat(atom, min, max);
	}

	#atom(): Term {
		const char = this.#next();
		switch (char) {
			case ".":
				return this.#terms.chars(notLineEnds);
			case "[":
				return this.#terms.chars(this.#class());
			case "\\":
				return this.#terms.chars(this.#escape());
			case "^":
			case "$":
				throw new PatternRefusal("it has an anchor in the middle");
			case "(":
				return this.#group();
			default:
				return this.#terms.chars(charsOf(char));
		}
	}

	#group(): Term {
		if (this.#peek("?=") || this.#peek("?!") || this.#peek("?<=") || this.#peek("?<!")) {
			throw new PatternRefusal("it looks ahead or back inside of a group");
		}
		if (!this.#take("?:") && this.#take("?")) {
			while (this.#next() !== ">") {
				// The name of a group means nothing here.
			}
		}
		if (++this.#depth > 50) {
			throw new PatternRefusal("its groups are nested too deeply");
		}
		const inner = this.#alternatives();
		this.#depth--;
		return inner;
	}

	#class(): CharSet {
		const isNegated = this.#take("^");
		const sets: CharSet[] = [];
		while (!this.#take("]")) {
			const first = this.#classAtom();
			if (this.#peek("-") && this.#source[this.#place + 1] !== "]") {
				this.#next();
				const last = this.#classAtom();
				sets.push(charSet([first[0] as number, last[0] as number]));
			} else {
				sets.push(first);
			}
		}
		const set = unite(...sets);
		return isNegated ? complement(set) : set;
	}

	#classAtom(): CharSet {
		const char = this.#next();
		if (char !== "\\") {
			return charsOf(char);
		}
		return this.#take("b") ? charSet([8, 8]) : this.#escape();
	}

	#escape(): CharSet {
		const char = this.#next();
		const known = classEscapes[char];
		if (known !== undefined) {
			return known;
		}
		const code = charEscapes[char];
		if (code !== undefined) {
			return charSet([code, code]);
		}
		if (char === "x" || char === "u") {
			const rest = this.#source.slice(this.#place, this.#place + 10).join("");
			const hex = (char === "x" ? /^([0-9a-f]{2})/i : /^([0-9a-f]{4})|^\{([0-9a-f]{1,6})\}/i).exec(rest);
			const value = Number.parseInt(hex?.[1] ?? hex?.[2] ?? "", 16);
			if (hex === null || (value >= 0xd800 && value <= 0xdfff)) {
				throw new PatternRefusal("it names half of a character");
			}
			this.#place += hex[0].length;
			return charSet([value, value]);
		}
		if (/[A-Za-z0-9]/.test(char)) {
			throw new PatternRefusal(`it uses \\${char}`);
		}
		return charsOf(char);
	}
}

/** The texts that a pattern allows. Throws PatternRefusal when the pattern is not valid or beyond the subset. */
export function parsePattern(terms: Terms, source: string): Term {
	try {
		new RegExp(source, "u");
	} catch {
		throw new PatternRefusal("it is not a valid regular expression of ECMA-262 in Unicode mode");
	}
	return new PatternReader(terms, source).pattern();
}
