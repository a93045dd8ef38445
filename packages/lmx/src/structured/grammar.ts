import { checkLeftRecursion, prune } from "./check-grammar.ts";
import { type Expression, GrammarRefusal, options, print, type RuleUse, rule, sequence } from "./expression.ts";

/** llama.cpp takes a higher maximum silently for none (llama-grammar.cpp, MAX_REPETITION_THRESHOLD). */
const maxRepetitions = 2000;
const blockLength = 1000;
const maxCount = 100_000;
const maxRules = 12_000;
const maxCharacters = 1_000_000;

/** Collects the rules of one grammar. */
export class GrammarBuilder {
	readonly #rules = new Map<string, Expression | null>();
	/** Names by what the rule says, so that equal rules are one. */
	readonly #names = new Map<string, string>();
	#characters = 0;

	/** A name for a rule that is defined later, because it may use itself. */
	reserve(hint: string): string {
		const base =
			hint
				.replaceAll(/[^a-zA-Z0-9]+/g, "-")
				.replace(/^-|-$/g, "")
				.slice(0, 40) || "rule";
		let name = base;
		for (let number = 2; this.#rules.has(name); number++) {
			name = `${base}-${number}`;
		}
		if (this.#rules.size >= maxRules) {
			throw new GrammarRefusal(`It needs more than ${maxRules} grammar rules.`);
		}
		this.#rules.set(name, null);
		return name;
	}

	/** Says what a reserved rule is. */
	define(name: string, expression: Expression): void {
		this.#characters += print(expression).length;
		if (this.#characters > maxCharacters) {
			throw new GrammarRefusal(`It needs a grammar of more than ${maxCharacters} characters.`);
		}
		this.#rules.set(name, expression);
	}

	/** Makes a rule, or finds the one that says the same. */
	add(hint: string, expression: Expression): RuleUse {
		if (expression.kind === "rule") {
			return expression;
		}
		const key = print(expression);
		const known = this.#names.get(key);
		const name = known ?? this.reserve(hint);
		if (known === undefined) {
			this.#names.set(key, name);
			this.define(name, expression);
		}
		return rule(name);
	}

	/** Repeats an expression; beyond what llama.cpp counts, in blocks. */
	repeat(hint: string, expression: Expression, min: number, max: number | null): Expression {
		const { name } = this.add(hint, expression);
		const exactly = (count: number): Expression[] => (count === 0 ? [] : [{ kind: "repeat", name, min: count, max: count }]);
		if (Math.max(min, max ?? 0) <= maxRepetitions) {
			return { kind: "repeat", name, min, max };
		}
		if (Math.max(min, max ?? 0) > maxCount) {
			throw new GrammarRefusal(`It counts to more than ${maxCount}.`);
		}
		const block = this.add(`${hint}-block`, sequence(...exactly(blockLength)));
		const blocks = Array.from({ length: Math.floor(min / blockLength) }, () => block);
		const rest = max === null ? ({ kind: "repeat", name, min: 0, max: null } as const) : this.#upTo(hint, name, block, max - min);
		return sequence(...blocks, ...exactly(min % blockLength), rest);
	}

	#upTo(hint: string, name: string, block: Expression, max: number): Expression {
		let rest: Expression = { kind: "repeat", name, min: 0, max: max % blockLength };
		for (let left = Math.floor(max / blockLength); left > 0; left--) {
			rest = this.add(`${hint}-rest`, options(sequence(block, rest), { kind: "repeat", name, min: 0, max: blockLength - 1 }));
		}
		return rest;
	}

	/** The grammar in GBNF; throws GrammarRefusal when it has a rule that no text can follow, or that begins with itself. */
	print(root: Expression): string {
		const all = new Map([["root", root]]);
		for (const [name, expression] of this.#rules) {
			if (expression !== null) {
				all.set(name, expression);
			}
		}
		const usable = prune(all);
		checkLeftRecursion(usable);
		return Array.from(usable, ([name, expression]) => `${name} ::= ${print(expression)}\n`).join("");
	}
}
