import { type Priority, priorities } from "../engine-messages.ts";

/** What decides about the place in the queue. */
export interface Queued {
	readonly request: { readonly id: string; readonly priority: Priority; readonly client: string };
}

/** After so many requests of higher priorities, one of a lower priority comes. */
const patience = 8;

/** Requests of one priority: in order of arrival for each client, and in turn between clients. */
class FairQueue<T extends Queued> {
	readonly #clients = new Map<string, T[]>();

	push(item: T): void {
		const waiting = this.#clients.get(item.request.client);
		if (waiting === undefined) {
			this.#clients.set(item.request.client, [item]);
		} else {
			waiting.push(item);
		}
	}

	get first(): T | undefined {
		const [waiting] = this.#clients.values();
		return waiting?.[0];
	}

	shift(): T | undefined {
		const [entry] = this.#clients;
		if (entry === undefined) {
			return undefined;
		}
		const [client, waiting] = entry;
		const item = waiting.shift();
		this.#clients.delete(client);
		if (waiting.length > 0) {
			this.#clients.set(client, waiting);
		}
		return item;
	}

	remove(id: string): T | undefined {
		for (const [client, waiting] of this.#clients) {
			const index = waiting.findIndex(({ request }) => request.id === id);
			if (index !== -1) {
				const [item] = waiting.splice(index, 1);
				if (waiting.length === 0) {
					this.#clients.delete(client);
				}
				return item;
			}
		}
		return undefined;
	}

	/** In the order in which they would be taken. */
	inOrder(): T[] {
		const lists = [...this.#clients.values()];
		const longest = Math.max(0, ...lists.map(({ length }) => length));
		return Array.from({ length: longest }, (_, round) => lists.flatMap((list) => list.slice(round, round + 1))).flat();
	}
}

/**
 * Requests that wait for a sequence. Higher priorities come first, but never for ever; within a priority every
 * client has its turn, however many requests another one has sent.
 */
export class RequestQueue<T extends Queued> {
	/** Requests that had a sequence and lost it. */
	readonly #returned: T[] = [];
	/** The highest priority first; `overtaken` counts requests of higher ones that were taken while one waited here. */
	readonly #classes = priorities.toReversed().map((priority) => ({ priority, waiting: new FairQueue<T>(), overtaken: 0 }));
	#size = 0;

	/** Requests that wait. */
	get size(): number {
		return this.#size;
	}

	/** Adds a request at the end of its client's. */
	push(item: T): void {
		this.#classes.find(({ priority }) => priority === item.request.priority)?.waiting.push(item);
		this.#size++;
	}

	/** Puts a request that was at work in front of all others. */
	putBack(item: T): void {
		this.#returned.unshift(item);
		this.#size++;
	}

	/** The request whose turn it is. */
	get first(): T | undefined {
		return this.#returned[0] ?? this.#turn()?.waiting.first;
	}

	/** Takes the request whose turn it is. */
	shift(): T | undefined {
		const returned = this.#returned.shift();
		const item = returned ?? this.#shiftWaiting();
		this.#size -= item === undefined ? 0 : 1;
		return item;
	}

	/** Takes a request out; undefined when it is not there. */
	remove(id: string): T | undefined {
		const index = this.#returned.findIndex(({ request }) => request.id === id);
		const item = index === -1 ? this.#removeWaiting(id) : this.#returned.splice(index, 1)[0];
		this.#size -= item === undefined ? 0 : 1;
		return item;
	}

	/** All requests; those of a lower priority may come a little earlier than it says. */
	inOrder(): T[] {
		return [...this.#returned, ...this.#classes.flatMap(({ waiting }) => waiting.inOrder())];
	}

	#turn() {
		const waiting = this.#classes.filter((entry) => entry.waiting.first !== undefined);
		const patient = waiting.filter(({ overtaken }) => overtaken >= patience).sort((a, b) => b.overtaken - a.overtaken);
		return patient[0] ?? waiting[0];
	}

	#shiftWaiting(): T | undefined {
		const turn = this.#turn();
		if (turn === undefined) {
			return undefined;
		}
		turn.overtaken = 0;
		for (const lower of this.#classes.slice(this.#classes.indexOf(turn) + 1)) {
			lower.overtaken += lower.waiting.first === undefined ? 0 : 1;
		}
		return turn.waiting.shift();
	}

	#removeWaiting(id: string): T | undefined {
		for (const { waiting } of this.#classes) {
			const item = waiting.remove(id);
			if (item !== undefined) {
				return item;
			}
		}
		return undefined;
	}
}
