import { type Alternatives, type Element, findLeftRecursion, type GrammarRules } from "./grammar-rules.ts";

/** Why a text is not a grammar, with line and column. */
export class GrammarError extends Error {}

/** Longer grammars are refused: each request pays for reading its own. */
const maxCharacters = 1_000_000;
/** Groups within groups; they are read by recursion. */
const maxDepth = 250;

const namePattern = /[a-zA-Z0-9-]+/y;
const numberPattern = /\d+/y;
const spacePattern = /(?:[ \t]|#[^\r\n]*)+/y;
const spaceAndLinesPattern = /(?:[ \t\r\n]|#[^\r\n]*)+/y;
const tokenNamePattern = /<[^>\n]*>/y;
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const plainEscapes: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n", "\\": "\\", '"': '"', "[": "[", "]": "]", "-": "-" };
const anyCharacter: Element = { kind: "characters", ranges: [], isNegated: true };

/** Reads one grammar; every method leaves the place after what it read. */
class GbnfReader {
	readonly #source: string;
	/** Token of a control token's name such as `<think>`; null when it is not exactly one token. */
	readonly #tokenOf: (name: string) => number | null;
	readonly #numbers = new Map<string, number>();
	readonly #rules: (Alternatives | null)[] = [];
	#at = 0;

	constructor(source: string, tokenOf: (name: string) => number | null) {
		this.#source = source;
		this.#tokenOf = tokenOf;
	}

	read(): GrammarRules {
		if (this.#source.length > maxCharacters) {
			throw new GrammarError(`it is longer than ${maxCharacters} characters`);
		}
		this.#skip(spaceAndLinesPattern);
		while (this.#at < this.#source.length) {
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

	#fail(expected: string): never {
		const before = this.#source.slice(0, this.#at);
		const line = before.split("\n").length;
		const found =
			this.#at < this.#source.length ? JSON.stringify(String.fromCodePoint(this.#source.codePointAt(this.#at) as number)) : "the end";
		throw new GrammarError(`line ${line}, column ${this.#at - before.lastIndexOf("\n")}: expected ${expected}, found ${found}`);
	}

	#match(pattern: RegExp): string | null {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#source)?.[0] ?? null;
		this.#at += found?.length ?? 0;
		return found;
	}

	#skip(pattern: RegExp): void {
		this.#match(pattern);
	}

	#takes(text: string): boolean {
		const does = this.#source.startsWith(text, this.#at);
		this.#at += does ? text.length : 0;
		return does;
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
		const name = this.#match(namePattern) ?? this.#fail("the name of a rule");
		this.#skip(spacePattern);
		if (!this.#takes("::=")) {
			this.#fail("::=");
		}
		this.#skip(spaceAndLinesPattern);
		const number = this.#ruleNumber(name);
		this.#rules[number] = this.#readAlternatives(0);
		if (this.#at < this.#source.length && !/[\r\n]/.test(this.#source.charAt(this.#at))) {
			this.#fail("the end of the line");
		}
		this.#skip(spaceAndLinesPattern);
	}

	#readAlternatives(depth: number): Alternatives {
		if (depth > maxDepth) {
			this.#fail(`at most ${maxDepth} groups within groups`);
		}
		const alternatives = [this.#readSequence(depth)];
		while (this.#takes("|")) {
			this.#skip(spaceAndLinesPattern);
			alternatives.push(this.#readSequence(depth));
		}
		return alternatives;
	}

	#readSequence(depth: number): Element[] {
		const sequence: Element[] = [];
		const space = depth > 0 ? spaceAndLinesPattern : spacePattern;
		for (let item = this.#readItem(depth); item !== null; item = this.#readItem(depth)) {
			this.#skip(space);
			let repeated = item;
			for (let times = this.#readTimes(space); times !== null; times = this.#readTimes(space)) {
				const [only] = repeated;
				const rule = repeated.length === 1 && only?.kind === "rule" ? only.rule : this.#rules.push([repeated]) - 1;
				repeated = [{ kind: "repeat", rule, ...times }];
				this.#skip(space);
			}
			sequence.push(...repeated);
		}
		return sequence;
	}

	#readItem(depth: number): Element[] | null {
		if (this.#takes('"')) {
			const literal: Element[] = [];
			while (!this.#takes('"')) {
				const character = this.#readCharacter('"');
				literal.push({ kind: "characters", ranges: [character, character], isNegated: false });
			}
			return literal;
		}
		if (this.#takes("[")) {
			return [this.#readClass()];
		}
		if (this.#takes(".")) {
			return [anyCharacter];
		}
		if (this.#takes("(")) {
			this.#skip(spaceAndLinesPattern);
			const alternatives = this.#readAlternatives(depth + 1);
			if (!this.#takes(")")) {
				this.#fail('")"');
			}
			return [{ kind: "rule", rule: this.#rules.push(alternatives) - 1 }];
		}
		const isNegated = this.#takes("!");
		if (isNegated || this.#source.charAt(this.#at) === "<") {
			return [{ kind: "token", token: this.#readToken(), isNegated }];
		}
		const name = this.#match(namePattern);
		return name === null ? null : [{ kind: "rule", rule: this.#ruleNumber(name) }];
	}

	#readClass(): Element {
		const isNegated = this.#takes("^");
		const ranges: number[] = [];
		while (!this.#takes("]")) {
			const first = this.#readCharacter("]");
			const isRange = this.#source.charAt(this.#at) === "-" && this.#source.charAt(this.#at + 1) !== "]";
			this.#at += isRange ? 1 : 0;
			ranges.push(first, isRange ? this.#readCharacter("]") : first);
		}
		return { kind: "characters", ranges, isNegated };
	}

	#readCharacter(end: string): number {
		if (!this.#takes("\\")) {
			const codePoint = this.#source.codePointAt(this.#at) ?? this.#fail(JSON.stringify(end));
			this.#at += codePoint > 0xffff ? 2 : 1;
			return codePoint;
		}
		const letter = this.#source.charAt(this.#at);
		const hexLength = hexLengths[letter];
		if (hexLength !== undefined) {
			const digits = this.#source.slice(this.#at + 1, this.#at + 1 + hexLength);
			if (digits.length < hexLength || !/^[0-9a-fA-F]+$/.test(digits)) {
				this.#fail(`\\${letter} and ${hexLength} hexadecimal digits`);
			}
			this.#at += 1 + hexLength;
			return Number.parseInt(digits, 16);
		}
		const plain = plainEscapes[letter];
		if (plain === undefined) {
			this.#fail("a known escape after \\");
		}
		this.#at += 1;
		return plain.charCodeAt(0);
	}

	#readToken(): number {
		if (this.#takes("<[")) {
			const number = this.#match(numberPattern) ?? this.#fail("the number of a token");
			if (!this.#takes("]>")) {
				this.#fail('"]>"');
			}
			return Number(number);
		}
		const name = this.#match(tokenNamePattern) ?? this.#fail("a token such as <[123]> or <name>");
		const token = this.#tokenOf(name);
		if (token === null) {
			throw new GrammarError(`${name} is not one token of this model`);
		}
		return token;
	}

	#readTimes(space: RegExp): { min: number; max: number } | null {
		if (this.#takes("*")) {
			return { min: 0, max: Number.POSITIVE_INFINITY };
		}
		if (this.#takes("+")) {
			return { min: 1, max: Number.POSITIVE_INFINITY };
		}
		if (this.#takes("?")) {
			return { min: 0, max: 1 };
		}
		if (!this.#takes("{")) {
			return null;
		}
		const readNumber = (): number | null => {
			this.#skip(space);
			const digits = this.#match(numberPattern);
			this.#skip(space);
			return digits === null ? null : Number(digits);
		};
		const min = readNumber() ?? this.#fail("a number");
		const max = this.#takes(",") ? (readNumber() ?? Number.POSITIVE_INFINITY) : min;
		if (!this.#takes("}")) {
			this.#fail('"}"');
		}
		if (max < min) {
			this.#fail(`at least ${min} as the second number`);
		}
		return { min, max };
	}
}

/** Reads a grammar in GBNF, llama.cpp's form of EBNF (its grammars/README.md). Throws GrammarError. */
export function parseGbnf(source: string, tokenOf: (name: string) => number | null): GrammarRules {
	return new GbnfReader(source, tokenOf).read();
}
