/** What may be shown after a piece of text came in. */
export interface StopResult {
	readonly text: string;
	readonly stopped: boolean;
}

/** Length of the longest end of `text` that could be the beginning of a stop string. */
function heldLength(text: string, stops: readonly string[]): number {
	let held = 0;
	for (const stop of stops) {
		for (let length = Math.min(stop.length - 1, text.length); length > held; length--) {
			if (text.endsWith(stop.slice(0, length))) {
				held = length;
				break;
			}
		}
	}
	return held;
}

/** Finds stop strings in streamed text, also across pieces. The stop string itself is never shown. */
export class StopMatcher {
	readonly #stops: readonly string[];
	#held = "";

	constructor(stops: readonly string[]) {
		this.#stops = stops;
	}

	/** Takes the next piece; text that may be the beginning of a stop string is held back. */
	push(piece: string): StopResult {
		if (this.#stops.length === 0) {
			return { text: piece, stopped: false };
		}
		const text = this.#held + piece;
		const places = this.#stops.map((stop) => text.indexOf(stop)).filter((place) => place !== -1);
		if (places.length > 0) {
			this.#held = "";
			return { text: text.slice(0, Math.min(...places)), stopped: true };
		}
		const held = heldLength(text, this.#stops);
		this.#held = text.slice(text.length - held);
		return { text: text.slice(0, text.length - held), stopped: false };
	}

	/** What was held back when generation ended without a stop string. */
	end(): string {
		return this.#held;
	}
}
