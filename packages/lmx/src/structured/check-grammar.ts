import { type Expression, GrammarRefusal, options, sequence, text } from "./expression.ts";

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
export function prune(rules: ReadonlyMap<string, Expression>): Map<string, Expression> {
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

/** Throws GrammarRefusal when a rule can begin with itself. */
export function checkLeftRecursion(rules: ReadonlyMap<string, Expression>): void {
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
