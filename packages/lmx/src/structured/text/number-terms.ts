import { charSet, charsOf } from "./char-set.ts";
import type { Term, Terms } from "./terms.ts";

/** Bounds of a number; null where there is none. */
export interface NumberBounds {
	readonly min: number | null;
	readonly max: number | null;
	readonly excludesMin: boolean;
	readonly excludesMax: boolean;
}

const digits = charSet([0x30, 0x39]);
/** Digits before the point, and after it. */
const maxDigits = 15;

interface Decimal {
	readonly whole: string;
	/** Without zeros at the end. */
	readonly fraction: string;
}

/** Writes a number without an exponent; the sign is left out. */
function decimalOf(value: number): Decimal {
	const [whole = "0", fraction = ""] = Math.abs(value)
		.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 })
		.split(".");
	return { whole, fraction };
}

/** Magnitudes written without needless zeros in front, compared digit by digit. */
class Magnitudes {
	readonly #terms: Terms;
	readonly #digit: Term;
	readonly #anyFraction: Term;
	readonly #wholes: Term;

	constructor(terms: Terms, isInteger: boolean) {
		this.#terms = terms;
		this.#digit = terms.chars(digits);
		const tail = terms.sequence([terms.text("."), terms.repeat(this.#digit, 1, maxDigits)]);
		this.#anyFraction = isInteger ? terms.empty : terms.or(terms.empty, tail);
		this.#wholes = terms.or(terms.text("0"), this.#longer(0));
	}

	get all(): Term {
		return this.#terms.sequence([this.#wholes, this.#anyFraction]);
	}

	/** Numbers with more digits than given. */
	#longer(length: number): Term {
		const first = this.#terms.chars(charSet([0x31, 0x39]));
		return length >= maxDigits
			? this.#terms.nothing
			: this.#terms.sequence([first, this.#terms.repeat(this.#digit, length, maxDigits - 1)]);
	}

	/** Digits that are greater (1) or smaller (-1) than those of a text of the same length. */
	#differing(text: string, direction: 1 | -1): Term {
		const options = Array.from(text, (char, index) => {
			const code = char.charCodeAt(0);
			const range: [number, number] = direction === 1 ? [code + 1, 0x39] : [0x30, code - 1];
			return this.#terms.sequence([
				this.#terms.text(text.slice(0, index)),
				range[0] > range[1] ? this.#terms.nothing : this.#terms.chars(charSet(range)),
				this.#terms.repeat(this.#digit, text.length - index - 1, text.length - index - 1),
			]);
		});
		return this.#terms.or(...options);
	}

	#zeros(): Term {
		return this.#terms.repeat(this.#terms.chars(charsOf("0")), 0, maxDigits);
	}

	equal({ whole, fraction }: Decimal): Term {
		const point = this.#terms.text(".");
		const zeros = this.#zeros();
		const written = this.#terms.sequence([point, this.#terms.text(fraction), zeros]);
		const tail = fraction === "" ? this.#terms.or(this.#terms.empty, written) : written;
		return this.#terms.and(this.all, this.#terms.sequence([this.#terms.text(whole), tail]));
	}

	greater(bound: Decimal): Term {
		const { whole, fraction } = bound;
		const any = this.#terms.repeat(this.#digit, 0, maxDigits);
		const zeros = this.#zeros();
		const beyond = fraction === "" ? [] : [this.#fractionOption(fraction, 1, any)];
		const notZero = this.#terms.and(any, this.#terms.not(zeros));
		const longerFraction = this.#terms.sequence([this.#terms.text(fraction), notZero]);
		const tail = this.#terms.sequence([this.#terms.text("."), this.#terms.or(...beyond, longerFraction)]);
		return this.#terms.and(
			this.all,
			this.#terms.or(
				this.#terms.sequence([this.#terms.or(this.#longer(whole.length), this.#differing(whole, 1)), this.#anyFraction]),
				this.#terms.sequence([this.#terms.text(whole), tail]),
			),
		);
	}

	#fractionOption(fraction: string, direction: 1 | -1, any: Term): Term {
		const options = Array.from(fraction, (char, index) => {
			const code = char.charCodeAt(0);
			const range: [number, number] = direction === 1 ? [code + 1, 0x39] : [0x30, code - 1];
			const digit = range[0] > range[1] ? this.#terms.nothing : this.#terms.chars(charSet(range));
			return this.#terms.sequence([this.#terms.text(fraction.slice(0, index)), digit, any]);
		});
		return this.#terms.or(...options);
	}
}

/**
 * The ways to write a number within bounds: at most 15 digits before and after the point, no exponent, no `-0`.
 */
export function boundedNumber(terms: Terms, isInteger: boolean, bounds: NumberBounds): Term {
	const magnitudes = new Magnitudes(terms, isInteger);
	/** Magnitudes above (or at) one bound and below (or at) another. */
	const between = (low: number | null, excludesLow: boolean, high: number | null, excludesHigh: boolean): Term => {
		const parts = [magnitudes.all];
		if (low !== null) {
			const bound = decimalOf(low);
			parts.push(excludesLow ? magnitudes.greater(bound) : terms.or(magnitudes.equal(bound), magnitudes.greater(bound)));
		}
		if (high !== null) {
			const bound = decimalOf(high);
			parts.push(terms.not(excludesHigh ? terms.or(magnitudes.equal(bound), magnitudes.greater(bound)) : magnitudes.greater(bound)));
		}
		return terms.and(...parts);
	};
	const { min, max, excludesMin, excludesMax } = bounds;
	const positive =
		max !== null && (max < 0 || (max === 0 && excludesMax))
			? terms.nothing
			: between(min !== null && min >= 0 ? min : null, excludesMin, max, excludesMax);
	const hasLow = max !== null && max < 0;
	const negative = min !== null && min >= 0 ? terms.nothing : between(hasLow ? max : 0, hasLow ? excludesMax : true, min, excludesMin);
	return terms.or(positive, terms.sequence([terms.text("-"), negative]));
}
