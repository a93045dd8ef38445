/** Why a text is not a grammar, with line and column. */
export class GrammarError extends Error {}

const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const plainEscapes: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n", "\\": "\\", '"': '"', "[": "[", "]": "]", "-": "-" };

/** A place in the text of a grammar; every method leaves it after what it took. */
export class GrammarSource {
	readonly #source: string;
	#at = 0;

	constructor(source: string) {
		this.#source = source;
	}

	/** Nothing is left. */
	get isAtEnd(): boolean {
		return this.#at >= this.#source.length;
	}

	/** The next character, or the one `ahead` of it; empty at the end. */
	peek(ahead = 0): string {
		return this.#source.charAt(this.#at + ahead);
	}

	/** Throws GrammarError with the place and what stands there. */
	fail(expected: string): never {
		const before = this.#source.slice(0, this.#at);
		const line = before.split("\n").length;
		const found =
			this.#at < this.#source.length ? JSON.stringify(String.fromCodePoint(this.#source.codePointAt(this.#at) as number)) : "the end";
		throw new GrammarError(`line ${line}, column ${this.#at - before.lastIndexOf("\n")}: expected ${expected}, found ${found}`);
	}

	/** Takes what a sticky pattern matches here, if it does. */
	match(pattern: RegExp): string | null {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#source)?.[0] ?? null;
		this.#at += found?.length ?? 0;
		return found;
	}

	/** Takes this text if it stands here, and tells whether it did. */
	takes(text: string): boolean {
		const does = this.#source.startsWith(text, this.#at);
		this.#at += does ? text.length : 0;
		return does;
	}

	/** Takes one character, or what stands for one after a backslash; `end` is what was expected instead of nothing. */
	readCharacter(end: string): number {
		if (!this.takes("\\")) {
			const codePoint = this.#source.codePointAt(this.#at) ?? this.fail(JSON.stringify(end));
			this.#at += codePoint > 0xffff ? 2 : 1;
			return codePoint;
		}
		const letter = this.#source.charAt(this.#at);
		const hexLength = hexLengths[letter];
		if (hexLength !== undefined) {
			const digits = this.#source.slice(this.#at + 1, this.#at + 1 + hexLength);
			if (digits.length < hexLength || !/^[0-9a-fA-F]+$/.test(digits)) {
				this.fail(`\\${letter} and ${hexLength} hexadecimal digits`);
			}
			this.#at += 1 + hexLength;
			return Number.parseInt(digits, 16);
		}
		const plain = plainEscapes[letter];
		if (plain === undefined) {
			this.fail("a known escape after \\");
		}
		this.#at += 1;
		return plain.charCodeAt(0);
	}
}
