import { RefusalError } from "../refusal.ts";

/**
 * Keeps text that people wrote from becoming control tokens: without this, a message that contains
 * `<|im_end|>` could end its own turn and speak as the system. The name of a control token is cut in two by a
 * mark before the template is rendered; where the marks are, the rendered prompt is tokenized in pieces.
 */
export interface ControlGuard {
	/** Cuts names of control tokens in a text; every other text comes back as it is. */
	protect(text: string): string;
	/** The same for every text inside a value; names of fields are protected too. Throws RefusalError for one nested too deeply. */
	protectAll<T>(value: T): T;
	/** The pieces of a rendered prompt; usually one. */
	pieces(rendered: string): string[];
}

/** A noncharacter (Unicode 23.7): never part of a text that is interchanged. */
const mark = "\u{fdd0}";

/** Deeper values are refused: they are read by recursion. */
const maxDepth = 100;

/** Makes the guard of one vocabulary. */
export function createControlGuard(controlTexts: readonly string[]): ControlGuard {
	const names = controlTexts.filter((text) => text.length > 1).sort((a, b) => b.length - a.length);
	const anyName = names.length === 0 ? null : new RegExp(names.map((name) => name.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "g");
	const protect = (text: string): string => {
		const plain = text.replaceAll(mark, "");
		return anyName === null ? plain : plain.replace(anyName, (name) => name.replace(/^./su, (first) => first + mark));
	};
	const protectValue = (value: unknown, depth: number): unknown => {
		if (depth > maxDepth) {
			throw new RefusalError("invalid_request", `Tools and arguments may be nested ${maxDepth} levels deep. Send flatter ones.`);
		}
		if (typeof value === "string") {
			return protect(value);
		}
		if (Array.isArray(value)) {
			return value.map((inner) => protectValue(inner, depth + 1));
		}
		return typeof value === "object" && value !== null
			? Object.fromEntries(Object.entries(value).map(([name, inner]) => [protect(name), protectValue(inner, depth + 1)]))
			: value;
	};
	return {
		protect,
		protectAll: <T>(value: T): T => protectValue(value, 0) as T,
		pieces: (rendered) => rendered.split(mark),
	};
}
