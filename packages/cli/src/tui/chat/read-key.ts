import type { Key } from "ink";

/** A key with its modifiers (`ctrl+r`, `shift+enter`, `up`), or text. */
export type KeyPress = { readonly kind: "key"; readonly name: string } | { readonly kind: "text"; readonly text: string };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are keys.
const controlOrText = /[\u0000-\u001F]|[^\u0000-\u001F]+/g;

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
	return /\r[^\r]/.test(input) ? [{ kind: "text", text: input.replaceAll("\r", "\n") }] : splitControls(input);
}

/** Text and the control characters in it (Enter, Ctrl-U, …), each by itself. Lines that come in one piece are a paste: not split. */
function splitControls(input: string): KeyPress[] {
	return Array.from(input.matchAll(controlOrText), ([part]) => {
		const code = part.charCodeAt(0);
		if (code >= 32) {
			return { kind: "text", text: part };
		}
		const name = { 9: "tab", 13: "enter" }[code] ?? `ctrl+${String.fromCharCode(code + (code <= 26 ? 96 : 64))}`;
		return { kind: "key", name };
	});
}

function withModifiers(name: string, key: Key): string {
	const shift = key.shift && name.length > 1;
	return `${key.ctrl ? "ctrl+" : ""}${key.meta ? "alt+" : ""}${shift ? "shift+" : ""}${name}`;
}
