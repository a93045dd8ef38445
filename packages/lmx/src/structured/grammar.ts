import { type CharSet, toClass } from "./text/char-set.ts";

/** The right side of a rule. */
export type Expression =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "chars"; readonly set: CharSet }
	| { readonly kind: "rule"; readonly name: string }
	| { readonly kind: "sequence"; readonly parts: readonly Expression[] }
	| { readonly kind: "options"; readonly options: readonly Expression[] }
	/** `max` null: without end. Only rules are repeated: llama.cpp counts what it has to copy. */
	| { readonly kind: "repeat"; readonly name: string; readonly min: number; readonly max: number | null };

type RuleUse = Extract<Expression, { kind: "rule" }>;

/** A grammar that cannot be used, with the reason as a sentence. */
export class GrammarRefusal extends Error {}

/** llama.cpp takes a higher maximum silently for none (llama-grammar.cpp, MAX_REPETITION_THRESHOLD). */
const maxRepetitions = 2000;
const blockLength = 1000;
const maxCount = 100_000;
const maxRules = 12_000;
const maxCharacters = 1_000_000;

/** A literal text. */
export function text(literal: string): Expression {
	return { kind: "text", text: literal };
}

/** A use of a rule. */
export function rule(name: string): RuleUse {
	return { kind: "rule", name };
}

/** One after the other. */
export function sequence(...parts: readonly Expression[]): Expression {
	return { kind: "sequence", parts };
}

/** Any of them. */
export function options(...alternatives: readonly Expression[]): Expression {
	const [only] = alternatives;
	return alternatives.length === 1 && only !== undefined ? only : { kind: "options", options: alternatives };
}

/** Once or not at all. */
export function optional(expression: Expression): Expression {
	return options(expression, text(""));
}

function quote(literal: string): string {
	const escaped = literal.replace(/["\\]|[^\x20-\x7e]/gu, (char) =>
		char === '"' || char === "\\" ? `\\${char}` : `\\U${(char.codePointAt(0) as number).toString(16).padStart(8, "0")}`,
	);
	return `"${escaped}"`;
}

function print(expression: Expression): string {
	switch (expression.kind) {
		case "text":
			return quote(expression.text);
		case "chars":
			return toClass(expression.set);
		case "rule":
			return expression.name;
		case "sequence":
			return expression.parts.map(print).join(" ");
		case "options":
			return `(${expression.options.map(print).join(" | ")})`;
		case "repeat":
			return `${expression.name}{${expression.min},${expression.max ?? ""}}`;
	}
}

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

function isSatisfied(expression: Expression, holds: (name: string) => boolean): boolean {
	switch (expression.kind) {
		case "text":
		case "chars":
			return true;
		case "rule":
			return holds(expression.name);
		case "sequence":
			return expression.parts.every((part) => isSatisfied(part, holds));
		case "options":
			return expression.options.some((option) => isSatisfied(option, holds));
		case "repeat":
			return expression.min === 0 || holds(expression.name);
	}
}

/** Names of the rules for which `holds` can be derived from the others. Rules mostly use neighbours, so both directions take turns. */
function derive(
	rules: ReadonlyMap<string, Expression>,
	holds: (expression: Expression, known: ReadonlySet<string>) => boolean,
): Set<string> {
	const known = new Set<string>();
	let order = [...rules];
	for (let before = -1; known.size > before; order = order.toReversed()) {
		before = known.size;
		for (const [name, expression] of order) {
			if (!known.has(name) && holds(expression, known)) {
				known.add(name);
			}
		}
	}
	return known;
}

/** Leaves out what leads to no finite text: a model that chose it could never end. */
function prune(rules: ReadonlyMap<string, Expression>): Map<string, Expression> {
	const productive = derive(rules, (expression, known) => isSatisfied(expression, (name) => known.has(name)));
	if (!productive.has("root")) {
		throw new GrammarRefusal("It allows no finite value: something requires itself without end.");
	}
	const holds = (name: string): boolean => productive.has(name);
	const kept = (expression: Expression): Expression => {
		switch (expression.kind) {
			case "sequence":
				return sequence(...expression.parts.map(kept));
			case "options":
				return options(...expression.options.filter((option) => isSatisfied(option, holds)).map(kept));
			case "repeat":
				return holds(expression.name) ? expression : text("");
			default:
				return expression;
		}
	};
	return new Map([...rules].filter(([name]) => productive.has(name)).map(([name, expression]) => [name, kept(expression)]));
}

/** Rules that an expression may begin with; true when it may be empty. */
function beginnings(expression: Expression, isNullable: (name: string) => boolean, found: Set<string>): boolean {
	switch (expression.kind) {
		case "text":
			return expression.text === "";
		case "chars":
			return false;
		case "rule":
		case "repeat":
			found.add(expression.name);
			return (expression.kind === "repeat" && expression.min === 0) || isNullable(expression.name);
		case "sequence":
			return expression.parts.every((part) => beginnings(part, isNullable, found));
		case "options":
			return expression.options.map((option) => beginnings(option, isNullable, found)).some(Boolean);
	}
}

function checkLeftRecursion(rules: ReadonlyMap<string, Expression>): void {
	const nullable = derive(rules, (expression, known) => beginnings(expression, (name) => known.has(name), new Set()));
	const state = new Map<string, "open" | "done">();
	const stack: { readonly name: string; readonly next: Iterator<string> }[] = [];
	const enter = (name: string): void => {
		const expression = rules.get(name);
		const found = new Set<string>();
		if (expression !== undefined) {
			beginnings(expression, (used) => nullable.has(used), found);
		}
		state.set(name, "open");
		stack.push({ name, next: found.values() });
	};
	for (const start of rules.keys()) {
		if (!state.has(start)) {
			enter(start);
		}
		for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
			const { done, value } = top.next.next();
			if (done === true) {
				state.set(top.name, "done");
				stack.pop();
			} else if (state.get(value) === "open") {
				throw new GrammarRefusal("It refers to itself without anything in between.");
			} else if (!state.has(value)) {
				enter(value);
			}
		}
	}
}
