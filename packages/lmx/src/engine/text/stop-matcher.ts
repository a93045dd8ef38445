/** What may be shown after a piece of text came in. */
export interface StopResult {
	readonly text: string;
	/** The stop string that was found, of several the one that begins first; nothing may follow. */
	readonly stop: string | null;
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
			return { text: piece, stop: null };
		}
		const text = this.#held + piece;
		const found = this.#stops
			.map((stop) => ({ stop, place: text.indexOf(stop) }))
			.filter(({ place }) => place !== -1)
			.sort((one, other) => one.place - other.place);
		const [first] = found;
		if (first !== undefined) {
			this.#held = "";
			return { text: text.slice(0, first.place), stop: first.stop };
		}
		const held = heldLength(text, this.#stops);
		this.#held = text.slice(text.length - held);
		return { text: text.slice(0, text.length - held), stop: null };
	}

	/** What was held back when generation ended without a stop string. */
	end(): string {
		return this.#held;
	}
}
