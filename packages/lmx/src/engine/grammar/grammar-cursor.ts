import type { GrammarMachine, GrammarState } from "./grammar-machine.ts";

/** A state, and the bytes of a character that is not complete: its bits so far, and how many bytes are missing. */
export interface Cursor {
	readonly state: GrammarState;
	readonly bits: number;
	readonly missing: number;
}

/** Where a text begins. */
export function startCursor(machine: GrammarMachine): Cursor {
	return { state: machine.start, bits: 0, missing: 0 };
}

/** The cursor after a byte of UTF-8; null when no text that the grammar allows goes on like that. */
export function afterByte(machine: GrammarMachine, { state, bits, missing }: Cursor, byte: number): Cursor | null {
	if (missing > 0) {
		if ((byte & 0xc0) !== 0x80) {
			return null;
		}
		const more = (bits << 6) | (byte & 0x3f);
		return missing === 1 ? afterCharacter(machine, state, more) : { state, bits: more, missing: missing - 1 };
	}
	if (byte < 0x80) {
		return afterCharacter(machine, state, byte);
	}
	if (byte >= 0xc2 && byte < 0xe0) {
		return { state, bits: byte & 0x1f, missing: 1 };
	}
	if (byte >= 0xe0 && byte < 0xf0) {
		return { state, bits: byte & 0x0f, missing: 2 };
	}
	return byte >= 0xf0 && byte < 0xf5 ? { state, bits: byte & 0x07, missing: 3 } : null;
}

function afterCharacter(machine: GrammarMachine, state: GrammarState, codePoint: number): Cursor | null {
	const next = machine.after(state, codePoint);
	return next === null ? null : { state: next, bits: 0, missing: 0 };
}

/** True when a text may stop here for now: some character that the grammar allows completes the bytes so far. */
export function canGoOn(machine: GrammarMachine, { state, bits, missing }: Cursor): boolean {
	return missing === 0 || machine.takesAny(state, bits << (6 * missing), ((bits + 1) << (6 * missing)) - 1);
}

/** The cursor after several bytes. */
export function afterBytes(machine: GrammarMachine, from: Cursor, bytes: Uint8Array): Cursor | null {
	let cursor: Cursor | null = from;
	for (let index = 0; index < bytes.length && cursor !== null; index++) {
		cursor = afterByte(machine, cursor, bytes[index] as number);
	}
	return cursor !== null && canGoOn(machine, cursor) ? cursor : null;
}
