/**
 * Keeps text that people wrote from becoming control tokens: without this, a message that contains
 * `<|im_end|>` could end its own turn and speak as the system. The name of a control token is cut in two by a
 * mark before the template is rendered; where the marks are, the rendered prompt is tokenized in pieces.
 */
export interface ControlGuard {
	/** Cuts names of control tokens in a text; every other text comes back as it is. */
	protect(text: string): string;
	/** The pieces of a rendered prompt; usually one. */
	pieces(rendered: string): string[];
}

/** A noncharacter (Unicode 23.7): never part of a text that is interchanged. */
const mark = "\u{fdd0}";

/** Makes the guard of one vocabulary. */
export function createControlGuard(controlTexts: readonly string[]): ControlGuard {
	const names = controlTexts.filter((text) => text.length > 1).sort((a, b) => b.length - a.length);
	const anyName = names.length === 0 ? null : new RegExp(names.map((name) => name.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "g");
	return {
		protect(text) {
			const plain = text.replaceAll(mark, "");
			return anyName === null ? plain : plain.replace(anyName, (name) => name.replace(/^./su, (first) => first + mark));
		},
		pieces: (rendered) => rendered.split(mark),
	};
}
