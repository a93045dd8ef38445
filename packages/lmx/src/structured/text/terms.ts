import { type CharSet, charsOf, includesChar } from "./char-set.ts";

/** A regular language. Equal ones made by the same `Terms` are mostly the same object. */
export type Term = {
	readonly id: number;
	/** The language has the empty text. */
	readonly isNullable: boolean;
} & (
	| { readonly kind: "nothing" }
	| { readonly kind: "empty" }
	| { readonly kind: "chars"; readonly set: CharSet }
	| { readonly kind: "then"; readonly first: Term; readonly rest: Term }
	| { readonly kind: "repeat"; readonly inner: Term; readonly min: number; readonly max: number }
	| { readonly kind: "or" | "and"; readonly parts: readonly Term[] }
	| { readonly kind: "not"; readonly inner: Term }
);

type Shape<T = Term> = T extends Term ? Omit<T, "id" | "isNullable"> : never;

/** More terms than this are a language too large to compile. */
const maxTerms = 20_000;
/** More steps than this take too long; some patterns have few terms with very many parts. */
const maxSteps = 200_000;

/** A pattern whose compilation would take too long. */
export class PatternTooLargeError extends Error {}

function isNullable(shape: Shape): boolean {
	switch (shape.kind) {
		case "nothing":
		case "chars":
			return false;
		case "empty":
			return true;
		case "then":
			return shape.first.isNullable && shape.rest.isNullable;
		case "repeat":
			return shape.min === 0 || shape.inner.isNullable;
		case "or":
			return shape.parts.some((part) => part.isNullable);
		case "and":
			return shape.parts.every((part) => part.isNullable);
		case "not":
			return !shape.inner.isNullable;
	}
}

/** Makes regular languages, and finds what follows in them after a character (Brzozowski's derivatives). */
export class Terms {
	readonly #known = new Map<string, Term>();
	readonly #derivatives = new Map<string, Term>();
	#steps = 0;
	readonly nothing = this.#make("0", { kind: "nothing" });
	/** The empty text alone. */
	readonly empty = this.#make("1", { kind: "empty" });

	#make(key: string, shape: Shape): Term {
		const known = this.#known.get(key);
		if (known !== undefined) {
			return known;
		}
		if (this.#known.size >= maxTerms) {
			throw new PatternTooLargeError();
		}
		const term = { ...shape, id: this.#known.size, isNullable: isNullable(shape) } as Term;
		this.#known.set(key, term);
		return term;
	}

	chars(set: CharSet): Term {
		return set.length === 0 ? this.nothing : this.#make(`c${set.join(",")}`, { kind: "chars", set });
	}

	/** One text. */
	text(text: string): Term {
		return this.sequence(Array.from(text, (char) => this.chars(charsOf(char))));
	}

	sequence(parts: readonly Term[]): Term {
		return parts.reduceRight((rest, first) => this.#then(first, rest), this.empty);
	}

	#then(first: Term, rest: Term): Term {
		this.#count(1);
		if (first.kind === "nothing" || rest.kind === "nothing") {
			return this.nothing;
		}
		if (first.kind === "empty") {
			return rest;
		}
		if (rest.kind === "empty") {
			return first;
		}
		return first.kind === "then"
			? this.#then(first.first, this.#then(first.rest, rest))
			: this.#make(`t${first.id},${rest.id}`, { kind: "then", first, rest });
	}

	/** `max` may be Infinity. */
	repeat(inner: Term, min: number, max: number): Term {
		if (max === 0 || inner.kind === "empty") {
			return this.empty;
		}
		if (inner.kind === "nothing") {
			return min === 0 ? this.empty : inner;
		}
		return min === 1 && max === 1 ? inner : this.#make(`r${inner.id},${min},${max}`, { kind: "repeat", inner, min, max });
	}

	or(...parts: readonly Term[]): Term {
		return this.#combine("or", parts, this.nothing);
	}

	and(...parts: readonly Term[]): Term {
		const all = this.not(this.nothing);
		return parts.some((part) => part.kind === "nothing")
			? this.nothing
			: this.#combine(
					"and",
					parts.filter((part) => part !== all),
					all,
				);
	}

	#count(steps: number): void {
		this.#steps += steps;
		if (this.#steps > maxSteps) {
			throw new PatternTooLargeError();
		}
	}

	#combine(kind: "or" | "and", parts: readonly Term[], neutral: Term): Term {
		const flat = new Set(parts.flatMap((part) => (part.kind === kind ? part.parts : part === neutral ? [] : [part])));
		this.#count(flat.size);
		const sorted = [...flat].sort((a, b) => a.id - b.id);
		const [only] = sorted;
		if (sorted.length < 2) {
			return only ?? neutral;
		}
		return this.#make(`${kind}${sorted.map(({ id }) => id).join(",")}`, { kind, parts: sorted });
	}

	not(inner: Term): Term {
		return inner.kind === "not" ? inner.inner : this.#make(`n${inner.id}`, { kind: "not", inner });
	}

	/** The sets of characters that a language is made of; what may follow in it is made of no others. */
	charSets(term: Term): CharSet[] {
		const seen = new Set<Term>([term]);
		const found: CharSet[] = [];
		for (const each of seen) {
			switch (each.kind) {
				case "chars":
					found.push(each.set);
					break;
				case "then":
					seen.add(each.first).add(each.rest);
					break;
				case "repeat":
				case "not":
					seen.add(each.inner);
					break;
				case "or":
				case "and":
					for (const part of each.parts) {
						seen.add(part);
					}
					break;
			}
		}
		return found;
	}

	/** What may follow after a character. */
	after(term: Term, char: number): Term {
		const key = `${term.id},${char}`;
		const known = this.#derivatives.get(key);
		if (known !== undefined) {
			return known;
		}
		const derivative = this.#derive(term, char);
		this.#derivatives.set(key, derivative);
		return derivative;
	}

	#derive(term: Term, char: number): Term {
		this.#count(1);
		switch (term.kind) {
			case "nothing":
			case "empty":
				return this.nothing;
			case "chars":
				return includesChar(term.set, char) ? this.empty : this.nothing;
			case "then": {
				const direct = this.#then(this.after(term.first, char), term.rest);
				return term.first.isNullable ? this.or(direct, this.after(term.rest, char)) : direct;
			}
			case "repeat": {
				const { inner, min, max } = term;
				return this.#then(this.after(inner, char), this.repeat(inner, Math.max(0, min - 1), max - 1));
			}
			case "or":
				return this.or(...term.parts.map((part) => this.after(part, char)));
			case "and":
				return this.and(...term.parts.map((part) => this.after(part, char)));
			case "not":
				return this.not(this.after(term.inner, char));
		}
	}

	/** True when the text is in the language. */
	matches(term: Term, text: string): boolean {
		let left = term;
		for (const char of text) {
			left = this.after(left, char.codePointAt(0) as number);
		}
		return left.isNullable;
	}
}
