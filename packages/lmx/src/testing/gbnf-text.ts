/** A grammar of GBNF, read as llama.cpp reads it, for tests that need texts which follow it. */

type Node =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "class"; readonly ranges: readonly (readonly [number, number])[]; readonly isNegated: boolean }
	| { readonly kind: "rule"; readonly name: string }
	| { readonly kind: "sequence"; readonly parts: readonly Node[] }
	| { readonly kind: "options"; readonly options: readonly Node[] }
	| { readonly kind: "repeat"; readonly inner: Node; readonly min: number; readonly max: number | null };

/** Gives a number below another, or 0. */
export type Choose = (below: number) => number;

class Reader {
	readonly #source: string;
	#place = 0;

	constructor(source: string) {
		this.#source = source;
	}

	#match(pattern: RegExp): RegExpExecArray | null {
		const sticky = new RegExp(pattern.source, "uy");
		sticky.lastIndex = this.#place;
		const found = sticky.exec(this.#source);
		this.#place += found?.[0].length ?? 0;
		return found;
	}

	rules(): Map<string, Node> {
		const rules = new Map<string, Node>();
		this.#match(/\s*/);
		while (this.#place < this.#source.length) {
			const name = this.#match(/([a-zA-Z0-9-]+)\s*::=\s*/)?.[1];
			if (name === undefined) {
				throw new Error(`no rule at ${this.#source.slice(this.#place, this.#place + 40)}`);
			}
			rules.set(name, this.#options());
			this.#match(/\s*/);
		}
		return rules;
	}

	#options(): Node {
		const options = [this.#sequence()];
		while (this.#match(/[ \t]*\|[ \t]*/) !== null) {
			options.push(this.#sequence());
		}
		return { kind: "options", options };
	}

	#sequence(): Node {
		const parts: Node[] = [];
		for (let item = this.#item(); item !== null; item = this.#item()) {
			parts.push(item);
			this.#match(/[ \t]*/);
		}
		return { kind: "sequence", parts };
	}

	#item(): Node | null {
		const atom = this.#atom();
		if (atom === null) {
			return null;
		}
		const counted = this.#match(/\{(\d+)(,?)(\d*)\}/);
		if (counted !== null) {
			const [, min, comma, max] = counted;
			return { kind: "repeat", inner: atom, min: Number(min), max: comma === "" ? Number(min) : max === "" ? null : Number(max) };
		}
		const sign = this.#match(/[*+?]/)?.[0];
		return sign === undefined ? atom : { kind: "repeat", inner: atom, min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : null };
	}

	#atom(): Node | null {
		if (this.#match(/"/) !== null) {
			let text = "";
			while (this.#match(/"/) === null) {
				text += String.fromCodePoint(this.#char());
			}
			return { kind: "text", text };
		}
		if (this.#match(/\[/) !== null) {
			return this.#class();
		}
		if (this.#match(/\(\s*/) !== null) {
			const inner = this.#options();
			this.#match(/\s*\)/);
			return inner;
		}
		const name = this.#match(/([a-zA-Z0-9-]+)(?!\s*::=)/)?.[1];
		return name === undefined ? null : { kind: "rule", name };
	}

	#class(): Node {
		const isNegated = this.#match(/\^/) !== null;
		const ranges: [number, number][] = [];
		while (this.#match(/\]/) === null) {
			const first = this.#char();
			ranges.push([first, this.#match(/-(?!\])/) === null ? first : this.#char()]);
		}
		return { kind: "class", ranges, isNegated };
	}

	#char(): number {
		const hex = this.#match(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/);
		if (hex !== null) {
			return Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? "", 16);
		}
		const char = this.#match(/\\?(.)/s)?.[0] ?? "";
		const named: Readonly<Record<string, string>> = { "\\n": "\n", "\\t": "\t", "\\r": "\r" };
		return (named[char] ?? char.replace(/^\\(?=.)/su, "")).codePointAt(0) as number;
	}
}

/** Makes random texts that follow a grammar. */
export class GbnfText {
	readonly #rules: ReadonlyMap<string, Node>;
	/** Rules are left by their shortest way when the text has become long. */
	readonly #costs = new Map<string, number>();

	constructor(source: string) {
		this.#rules = new Reader(source).rules();
		for (let changed = true; changed; ) {
			changed = false;
			for (const [name, node] of this.#rules) {
				const cost = this.#cost(node);
				if (cost < (this.#costs.get(name) ?? Number.POSITIVE_INFINITY)) {
					this.#costs.set(name, cost);
					changed = true;
				}
			}
		}
	}

	#cost(node: Node): number {
		switch (node.kind) {
			case "text":
				return node.text.length;
			case "class":
				return 1;
			case "rule":
				return 1 + (this.#costs.get(node.name) ?? Number.POSITIVE_INFINITY);
			case "sequence":
				return node.parts.reduce((sum, part) => sum + this.#cost(part), 0);
			case "options":
				return Math.min(...node.options.map((option) => this.#cost(option)));
			case "repeat":
				return node.min === 0 ? 0 : node.min * this.#cost(node.inner);
		}
	}

	/** A text; beyond `length` characters it ends as soon as the grammar allows. */
	make(choose: Choose, length: number): string {
		let text = "";
		const walk = (node: Node): void => {
			const isLong = text.length > length;
			switch (node.kind) {
				case "text":
					text += node.text;
					break;
				case "class": {
					if (node.isNegated) {
						throw new Error("negated classes are not made here");
					}
					const [first, last] = node.ranges[choose(node.ranges.length)] as readonly [number, number];
					text += String.fromCodePoint(first + choose(last - first + 1));
					break;
				}
				case "rule": {
					const inner = this.#rules.get(node.name);
					if (inner === undefined) {
						throw new Error(`the grammar has no rule ${node.name}`);
					}
					walk(inner);
					break;
				}
				case "sequence":
					node.parts.forEach(walk);
					break;
				case "options": {
					const costs = node.options.map((option) => this.#cost(option));
					const possible = node.options.filter((_, index) =>
						isLong ? costs[index] === Math.min(...costs) : costs[index] !== Number.POSITIVE_INFINITY,
					);
					walk(possible[choose(possible.length)] as Node);
					break;
				}
				case "repeat": {
					const most = isLong ? node.min : Math.min(node.max ?? node.min + 4, node.min + 4);
					for (let left = node.min + choose(most - node.min + 1); left > 0; left--) {
						walk(node.inner);
					}
					break;
				}
			}
		};
		walk({ kind: "rule", name: "root" });
		return text;
	}
}
