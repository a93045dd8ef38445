/** The beginning of a call, up to where its arguments begin. */
export type CallHead =
	/** The text is no call. */
	| { readonly kind: "none" }
	/** It may become one. */
	| { readonly kind: "open" }
	/** A tag that announces a call was read, but what follows it is of another form. */
	| { readonly kind: "block"; readonly close: string }
	/** `rest`: what follows the head, with the first character of the arguments. `hasArguments` false: the call is complete. */
	| {
			readonly kind: "call";
			readonly name: string;
			readonly rest: string;
			readonly form: "json" | "function";
			readonly hasArguments: boolean;
	  };

const none: CallHead = { kind: "none" };
const open: CallHead = { kind: "open" };

/** Texts that announce a call, with the one that ends it. Those without an end may also begin something else. */
const announcements: readonly (readonly [opening: string, close: string | null])[] = [
	["<tool_call>", "</tool_call>"],
	["<|python_tag|>", null],
	["[TOOL_CALLS]", null],
	["```json", null],
	["```", null],
	["[", null],
];
const functionTag = "<function=";

/** Reads a text step by step; every step says whether the text ended before it was complete. */
class Scanner {
	#left: string;

	constructor(text: string) {
		this.#left = text;
	}

	get rest(): string {
		return this.#left;
	}

	skipSpace(): void {
		this.#left = this.#left.trimStart();
	}

	/** Null: the text ended within one of the options and may still become it. */
	take(...options: readonly string[]): string | null | undefined {
		const found = options.find((option) => this.#left.startsWith(option));
		if (found !== undefined) {
			this.#left = this.#left.slice(found.length);
			return found;
		}
		return options.some((option) => option.startsWith(this.#left)) ? null : undefined;
	}
}

type Step = readonly string[] | "space";

/** Takes all steps; the options that were found, or how far the text came. */
function takeAll(scanner: Scanner, steps: readonly Step[]): readonly string[] | "open" | "none" {
	const found: string[] = [];
	for (const step of steps) {
		if (step === "space") {
			scanner.skipSpace();
			continue;
		}
		const taken = scanner.take(...step);
		if (taken === null) {
			return "open";
		}
		if (taken === undefined) {
			return "none";
		}
		found.push(taken);
	}
	return found;
}

function colon(key: readonly string[]): Step[] {
	return [key, "space", [":"], "space"];
}

/** `{"name": "x", "arguments": {` in its variants; with `"type": "function"` in front or without arguments at all. */
function jsonHead(text: string, names: readonly string[]): CallHead {
	const scanner = new Scanner(text);
	const start = takeAll(scanner, [["{"], "space", ['"type"', '"name"'], "space", [":"], "space"]);
	if (typeof start === "string") {
		return start === "open" ? open : none;
	}
	if (start[1] === '"type"') {
		const type = takeAll(scanner, [['"function"'], "space", [","], "space", ...colon(['"name"'])]);
		if (typeof type === "string") {
			return type === "open" ? open : none;
		}
	}
	const named = takeAll(scanner, [names.map((name) => JSON.stringify(name)), "space", [",", "}"]]);
	if (typeof named === "string") {
		return named === "open" ? open : none;
	}
	const name = JSON.parse(named[0] ?? '""') as string;
	if (named[1] === "}") {
		return { kind: "call", name, rest: scanner.rest, form: "json", hasArguments: false };
	}
	const value = takeAll(scanner, ["space", ...colon(['"arguments"', '"parameters"'])]);
	if (typeof value === "string" || scanner.rest === "") {
		return value === "none" ? none : open;
	}
	return scanner.rest.startsWith("{") ? { kind: "call", name, rest: scanner.rest, form: "json", hasArguments: true } : none;
}

function functionHead(text: string, names: readonly string[]): CallHead {
	const scanner = new Scanner(text);
	const found = takeAll(scanner, [[functionTag], names.map((name) => `${name}>`), "space"]);
	if (typeof found === "string" || scanner.rest === "") {
		return found === "none" ? none : open;
	}
	const name = (found[1] ?? "").slice(0, -1);
	return scanner.rest.startsWith("{")
		? { kind: "call", name, rest: scanner.rest, form: "function", hasArguments: true }
		: { kind: "block", close: "</function>" };
}

/** Reads the beginning of a call of one of the tools at the start of a text. */
export function readCallHead(text: string, names: readonly string[]): CallHead {
	const direct = [jsonHead(text, names), functionHead(text, names)].find(({ kind }) => kind !== "none");
	if (direct !== undefined) {
		return direct;
	}
	for (const [opening, close] of announcements) {
		if (opening.startsWith(text)) {
			return open;
		}
		if (!text.startsWith(opening)) {
			continue;
		}
		const inner = text.slice(opening.length).trimStart();
		if (inner === "") {
			return open;
		}
		const head =
			close === null
				? readCallHead(inner, names)
				: [jsonHead(inner, names), functionHead(inner, names)].find(({ kind }) => kind !== "none");
		if (head !== undefined && head.kind !== "none") {
			return head.kind === "block" && close !== null ? { kind: "block", close } : head;
		}
		return close === null ? none : { kind: "block", close };
	}
	return none;
}
