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

/** A use of a rule. */
export type RuleUse = Extract<Expression, { kind: "rule" }>;

/** A grammar that cannot be used, with the reason as a sentence. */
export class GrammarRefusal extends Error {}

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

/** An expression in GBNF. */
export function print(expression: Expression): string {
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
