import type { GrammarMachine, GrammarState } from "./grammar-machine.ts";

/** A state, and the bytes of a character that is not complete: its bits so far, and how many bytes are missing. */
export interface Cursor {
	readonly state: GrammarState;
	readonly bits: number;
	readonly missing: number;
	/** The least character that may be written with as many bytes as this one; a longer form of another is no UTF-8. */
	readonly least: number;
}

const lastCodePoint = 0x10ffff;

/** The cursor between two characters. */
export function between(state: GrammarState): Cursor {
	return { state, bits: 0, missing: 0, least: 0 };
}

/** Where a text begins. */
export function startCursor(machine: GrammarMachine): Cursor {
	return between(machine.start);
}

/** The cursor after a byte of UTF-8 (RFC 3629); null when no text that the grammar allows goes on like that. */
export function afterByte(machine: GrammarMachine, { state, bits, missing, least }: Cursor, byte: number): Cursor | null {
	if (missing > 0) {
		if ((byte & 0xc0) !== 0x80) {
			return null;
		}
		const more = (bits << 6) | (byte & 0x3f);
		if (missing > 1) {
			return { state, bits: more, missing: missing - 1, least };
		}
		return more < least || more > lastCodePoint ? null : afterCharacter(machine, state, more);
	}
	if (byte < 0x80) {
		return afterCharacter(machine, state, byte);
	}
	if (byte >= 0xc2 && byte < 0xe0) {
		return { state, bits: byte & 0x1f, missing: 1, least: 0x80 };
	}
	if (byte >= 0xe0 && byte < 0xf0) {
		return { state, bits: byte & 0x0f, missing: 2, least: 0x800 };
	}
	return byte >= 0xf0 && byte < 0xf5 ? { state, bits: byte & 0x07, missing: 3, least: 0x1_0000 } : null;
}

/** Halves of surrogate pairs are no characters. */
function afterCharacter(machine: GrammarMachine, state: GrammarState, codePoint: number): Cursor | null {
	const next = codePoint >= 0xd800 && codePoint < 0xe000 ? null : machine.after(state, codePoint);
	return next === null ? null : between(next);
}

/** True when a text may stop here for now: some character that the grammar allows completes the bytes so far. */
export function canGoOn(machine: GrammarMachine, { state, bits, missing, least }: Cursor): boolean {
	if (missing === 0) {
		return true;
	}
	const first = Math.max(least, bits << (6 * missing));
	const last = Math.min(lastCodePoint, ((bits + 1) << (6 * missing)) - 1);
	const beforePairs = Math.min(last, 0xd7ff);
	const afterPairs = Math.max(first, 0xe000);
	return (
		(first <= beforePairs && machine.takesAny(state, first, beforePairs)) ||
		(afterPairs <= last && machine.takesAny(state, afterPairs, last))
	);
}

/** The cursor after several bytes. */
export function afterBytes(machine: GrammarMachine, from: Cursor, bytes: Uint8Array): Cursor | null {
	let cursor: Cursor | null = from;
	for (let index = 0; index < bytes.length && cursor !== null; index++) {
		cursor = afterByte(machine, cursor, bytes[index] as number);
	}
	return cursor !== null && canGoOn(machine, cursor) ? cursor : null;
}
