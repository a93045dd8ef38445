import type { Key } from "ink";

/** A key with its modifiers (`ctrl+r`, `shift+enter`, `up`), or text. */
export type KeyPress = { readonly kind: "key"; readonly name: string } | { readonly kind: "text"; readonly text: string };

const named = [
	["upArrow", "up"],
	["downArrow", "down"],
	["leftArrow", "left"],
	["rightArrow", "right"],
	["pageUp", "pageup"],
	["pageDown", "pagedown"],
	["home", "home"],
	["end", "end"],
	["return", "enter"],
	["escape", "escape"],
	["tab", "tab"],
	["backspace", "backspace"],
	["delete", "delete"],
] as const satisfies readonly (readonly [keyof Key, string])[];

/**
 * Reads what Ink reports. One report may hold several keys: text that was typed ahead of a slow program arrives with its
 * Enter in one piece.
 */
export function readKeys(input: string, key: Key): KeyPress[] {
	if (key.eventType === "release") {
		return [];
	}
	const name = named.find(([flag]) => key[flag] === true)?.[1];
	if (name !== undefined) {
		return [{ kind: "key", name: withModifiers(name, key) }];
	}
	if (input === "\n") {
		return [{ kind: "key", name: "ctrl+j" }];
	}
	if (key.ctrl || (key.meta && input.length <= 2)) {
		return input === "" ? [] : [{ kind: "key", name: withModifiers(input.toLowerCase(), key) }];
	}
	const typedAhead = /^([^\r\n]*)\r$/.exec(input);
	if (typedAhead !== null) {
		return [...text(typedAhead[1] ?? ""), { kind: "key", name: "enter" }];
	}
	return text(input);
}

function text(input: string): KeyPress[] {
	return input === "" ? [] : [{ kind: "text", text: input }];
}

function withModifiers(name: string, key: Key): string {
	const shift = key.shift && name.length > 1;
	return `${key.ctrl ? "ctrl+" : ""}${key.meta ? "alt+" : ""}${shift ? "shift+" : ""}${name}`;
}
