/** A place in a log: after the event with that number. */
export interface LogMark {
	readonly seq: number;
	readonly bytes: number;
}

/** So far apart are places that are remembered. */
const markBytes = 256 * 1024;

/** Where in a log which events are, roughly, so that reading its end does not mean reading all of it. */
export class LogMarks {
	readonly #marks: LogMark[];

	/** `known`: a place that is known from the start, such as the snapshot's. */
	constructor(known: LogMark) {
		this.#marks = [{ seq: 0, bytes: 0 }, known];
	}

	/** Tells how far the log goes now. */
	add(mark: LogMark): void {
		if (mark.bytes - (this.#marks.at(-1)?.bytes ?? 0) >= markBytes) {
			this.#marks.push(mark);
		}
	}

	/** A byte from which on all events after that number are to be found. */
	before(seq: number): number {
		return this.#marks.findLast((mark) => mark.seq <= seq)?.bytes ?? 0;
	}
}
