import { type Alternatives, type Element, findLeftRecursion, type GrammarRules } from "./grammar-rules.ts";
import { GrammarError, GrammarSource } from "./grammar-source.ts";

/** Longer grammars are refused: each request pays for reading its own. */
const maxCharacters = 1_000_000;
/** Groups within groups; they are read by recursion. */
const maxDepth = 250;

const namePattern = /[a-zA-Z0-9-]+/y;
const numberPattern = /\d+/y;
const spacePattern = /(?:[ \t]|#[^\r\n]*)+/y;
const spaceAndLinesPattern = /(?:[ \t\r\n]|#[^\r\n]*)+/y;
const tokenNamePattern = /<[^>\n]*>/y;
const anyCharacter: Element = { kind: "characters", ranges: [], isNegated: true };

/** Reads one grammar; every method leaves the place after what it read. */
class GbnfReader {
	readonly #source: GrammarSource;
	/** Token of a control token's name such as `<think>`; null when it is not exactly one token. */
	readonly #tokenOf: (name: string) => number | null;
	readonly #numbers = new Map<string, number>();
	readonly #rules: (Alternatives | null)[] = [];

	constructor(source: GrammarSource, tokenOf: (name: string) => number | null) {
		this.#source = source;
		this.#tokenOf = tokenOf;
	}

	read(): GrammarRules {
		this.#source.match(spaceAndLinesPattern);
		while (!this.#source.isAtEnd) {
			this.#readRule();
		}
		const root = this.#numbers.get("root");
		if (root === undefined) {
			throw new GrammarError('it has no rule named "root"');
		}
		for (const [name, number] of this.#numbers) {
			if (this.#rules[number] === null) {
				throw new GrammarError(`the rule "${name}" is used, but not defined`);
			}
		}
		const rules = this.#rules.filter((rule) => rule !== null);
		const recursive = findLeftRecursion(rules);
		if (recursive !== null) {
			const name = [...this.#numbers].find(([, number]) => number === recursive)?.[0];
			throw new GrammarError(`${name === undefined ? "a group" : `the rule "${name}"`} can begin with itself, which would never end`);
		}
		return { rules, root };
	}

	#ruleNumber(name: string): number {
		let number = this.#numbers.get(name);
		if (number === undefined) {
			number = this.#rules.push(null) - 1;
			this.#numbers.set(name, number);
		}
		return number;
	}

	#readRule(): void {
		const name = this.#source.match(namePattern) ?? this.#source.fail("the name of a rule");
		this.#source.match(spacePattern);
		if (!this.#source.takes("::=")) {
			this.#source.fail("::=");
		}
		this.#source.match(spaceAndLinesPattern);
		const number = this.#ruleNumber(name);
		this.#rules[number] = this.#readAlternatives(0);
		if (!this.#source.isAtEnd && !/[\r\n]/.test(this.#source.peek())) {
			this.#source.fail("the end of the line");
		}
		this.#source.match(spaceAndLinesPattern);
	}

	#readAlternatives(depth: number): Alternatives {
		if (depth > maxDepth) {
			this.#source.fail(`at most ${maxDepth} groups within groups`);
		}
		const alternatives = [this.#readSequence(depth)];
		while (this.#source.takes("|")) {
			this.#source.match(spaceAndLinesPattern);
			alternatives.push(this.#readSequence(depth));
		}
		return alternatives;
	}

	#readSequence(depth: number): Element[] {
		const sequence: Element[] = [];
		const space = depth > 0 ? spaceAndLinesPattern : spacePattern;
		for (let item = this.#readItem(depth); item !== null; item = this.#readItem(depth)) {
			this.#source.match(space);
			let repeated = item;
			for (let times = this.#readTimes(space); times !== null; times = this.#readTimes(space)) {
				const [only] = repeated;
				const rule = repeated.length === 1 && only?.kind === "rule" ? only.rule : this.#rules.push([repeated]) - 1;
				repeated = [{ kind: "repeat", rule, ...times }];
				this.#source.match(space);
			}
			sequence.push(...repeated);
		}
		return sequence;
	}

	#readItem(depth: number): Element[] | null {
		if (this.#source.takes('"')) {
			const literal: Element[] = [];
			while (!this.#source.takes('"')) {
				const character = this.#source.readCharacter('"');
				literal.push({ kind: "characters", ranges: [character, character], isNegated: false });
			}
			return literal;
		}
		if (this.#source.takes("[")) {
			return [this.#readClass()];
		}
		if (this.#source.takes(".")) {
			return [anyCharacter];
		}
		if (this.#source.takes("(")) {
			this.#source.match(spaceAndLinesPattern);
			const alternatives = this.#readAlternatives(depth + 1);
			if (!this.#source.takes(")")) {
				this.#source.fail('")"');
			}
			return [{ kind: "rule", rule: this.#rules.push(alternatives) - 1 }];
		}
		const isNegated = this.#source.takes("!");
		if (isNegated || this.#source.peek() === "<") {
			return [{ kind: "token", token: this.#readToken(), isNegated }];
		}
		const name = this.#source.match(namePattern);
		return name === null ? null : [{ kind: "rule", rule: this.#ruleNumber(name) }];
	}

	#readClass(): Element {
		const isNegated = this.#source.takes("^");
		const ranges: number[] = [];
		while (!this.#source.takes("]")) {
			const first = this.#source.readCharacter("]");
			const isRange = this.#source.peek(1) !== "]" && this.#source.takes("-");
			ranges.push(first, isRange ? this.#source.readCharacter("]") : first);
		}
		return { kind: "characters", ranges, isNegated };
	}

	#readToken(): number {
		if (this.#source.takes("<[")) {
			const number = this.#source.match(numberPattern) ?? this.#source.fail("the number of a token");
			if (!this.#source.takes("]>")) {
				this.#source.fail('"]>"');
			}
			return Number(number);
		}
		const name = this.#source.match(tokenNamePattern) ?? this.#source.fail("a token such as <[123]> or <name>");
		const token = this.#tokenOf(name);
		if (token === null) {
			throw new GrammarError(`${name} is not one token of this model`);
		}
		return token;
	}

	#readTimes(space: RegExp): { min: number; max: number } | null {
		if (this.#source.takes("*")) {
			return { min: 0, max: Number.POSITIVE_INFINITY };
		}
		if (this.#source.takes("+")) {
			return { min: 1, max: Number.POSITIVE_INFINITY };
		}
		if (this.#source.takes("?")) {
			return { min: 0, max: 1 };
		}
		if (!this.#source.takes("{")) {
			return null;
		}
		const readNumber = (): number | null => {
			this.#source.match(space);
			const digits = this.#source.match(numberPattern);
			this.#source.match(space);
			return digits === null ? null : Number(digits);
		};
		const min = readNumber() ?? this.#source.fail("a number");
		const max = this.#source.takes(",") ? (readNumber() ?? Number.POSITIVE_INFINITY) : min;
		if (!this.#source.takes("}")) {
			this.#source.fail('"}"');
		}
		if (max < min) {
			this.#source.fail(`at least ${min} as the second number`);
		}
		return { min, max };
	}
}

/** Reads a grammar in GBNF, llama.cpp's form of EBNF (its grammars/README.md). Throws GrammarError. */
export function parseGbnf(source: string, tokenOf: (name: string) => number | null): GrammarRules {
	if (source.length > maxCharacters) {
		throw new GrammarError(`it is longer than ${maxCharacters} characters`);
	}
	return new GbnfReader(new GrammarSource(source), tokenOf).read();
}
