/** An entry with its place in the ring. */
export interface Kept<T> {
	/** `<epoch>:<seq>`, as the rules of the wire have it. */
	readonly id: string;
	readonly value: T;
}

/** What follows a place: the entries, or why they are not known. */
export type Following<T> =
	| { readonly kind: "entries"; readonly entries: readonly Kept<T>[] }
	/** The place was overwritten, or belongs to an earlier start of the server. */
	| { readonly kind: "lost"; readonly reason: "too_old" | "restarted" };

/** The last entries of a sequence that never ends, each with an id that tells whether anything was missed. */
export class EventRing<T> {
	readonly #epoch: string;
	readonly #capacity: number;
	readonly #slots: T[] = [];
	#lastSeq = 0;

	/** `epoch` differs for every start of the server and has no colon. */
	constructor(epoch: string, capacity: number) {
		this.#epoch = epoch;
		this.#capacity = capacity;
	}

	/** The id of the newest entry; before the first one, the place where it will follow. */
	get lastId(): string {
		return this.#idOf(this.#lastSeq);
	}

	/** Adds an entry and forgets the oldest when the ring is full. */
	add(value: T): Kept<T> {
		this.#lastSeq++;
		this.#slots[this.#lastSeq % this.#capacity] = value;
		return { id: this.lastId, value };
	}

	/** All entries that are kept, oldest first. */
	entries(): Kept<T>[] {
		return this.#from(this.#oldestSeq);
	}

	/** What came after the entry with this id. An id that this ring never gave counts as one of an earlier start. */
	after(id: string): Following<T> {
		const match = /^([^:]+):(\d{1,15})$/.exec(id);
		const seq = Number(match?.[2]);
		if (match?.[1] !== this.#epoch || seq > this.#lastSeq) {
			return { kind: "lost", reason: "restarted" };
		}
		return seq < this.#oldestSeq - 1 ? { kind: "lost", reason: "too_old" } : { kind: "entries", entries: this.#from(seq + 1) };
	}

	get #oldestSeq(): number {
		return Math.max(1, this.#lastSeq - this.#capacity + 1);
	}

	#idOf(seq: number): string {
		return `${this.#epoch}:${seq}`;
	}

	#from(firstSeq: number): Kept<T>[] {
		return Array.from({ length: this.#lastSeq - firstSeq + 1 }, (_, index) => {
			const seq = firstSeq + index;
			return { id: this.#idOf(seq), value: this.#slots[seq % this.#capacity] as T };
		});
	}
}
