import type { ChatMessage } from "@opta/contracts/schema/lmx-chat";
import type { ModelResponse } from "@opta/contracts/schema/lmx-responses";

/** Bounds of what is kept. */
export interface ResponseStoreLimits {
	/** 0 keeps nothing. */
	readonly count: number;
	readonly ageMs: number;
}

/** Most that all kept texts are together, in UTF-16 units of their JSON. */
const mostCharacters = 32 * 1024 * 1024;

/** A response that can be asked for and gone on with. */
export interface StoredResponse {
	readonly response: ModelResponse;
	/** The conversation up to and with this answer, without instructions. */
	readonly messages: readonly ChatMessage[];
}

interface Entry extends StoredResponse {
	readonly characters: number;
	readonly storedAtMs: number;
}

/** Keeps the latest responses in memory, and nothing on disk; what was used longest ago goes first. */
export class ResponseStore {
	readonly #limits: () => ResponseStoreLimits;
	readonly #mostCharacters: number;
	readonly #now: () => number;
	/** The one used longest ago first. */
	readonly #entries = new Map<string, Entry>();
	#characters = 0;

	/** The limits are asked each time: they may change while the server runs. */
	constructor(limits: () => ResponseStoreLimits, now: () => number = Date.now, characters = mostCharacters) {
		this.#limits = limits;
		this.#now = now;
		this.#mostCharacters = characters;
	}

	/** Responses are kept at all. */
	get isOn(): boolean {
		return this.#limits().count > 0;
	}

	/** Responses that are kept. */
	get size(): number {
		return this.#entries.size;
	}

	/** A response that is still kept. */
	get(id: string): StoredResponse | undefined {
		const entry = this.#entries.get(id);
		if (entry === undefined || this.#isOld(entry)) {
			this.delete(id);
			return undefined;
		}
		this.#entries.delete(id);
		this.#entries.set(id, entry);
		return entry;
	}

	/** Keeps a response and makes room for it. */
	put(stored: StoredResponse): void {
		const characters = JSON.stringify(stored).length;
		this.delete(stored.response.id);
		this.#entries.set(stored.response.id, { ...stored, characters, storedAtMs: this.#now() });
		this.#characters += characters;
		for (const [id, entry] of this.#entries) {
			if (this.#characters <= this.#mostCharacters && this.size <= this.#limits().count && !this.#isOld(entry)) {
				return;
			}
			this.delete(id);
		}
	}

	/** Forgets a response; true when it was there. */
	delete(id: string): boolean {
		this.#characters -= this.#entries.get(id)?.characters ?? 0;
		return this.#entries.delete(id);
	}

	#isOld({ storedAtMs }: Entry): boolean {
		return this.#now() - storedAtMs >= this.#limits().ageMs;
	}
}
