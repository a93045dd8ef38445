import type { Dispatcher, fetch as undiciFetch, WebSocket } from "undici";

/** What a connection is for; shown in the log of connections. */
export type EgressPurpose = "model" | "anthropic" | "web_fetch" | "browser" | "mcp" | "update" | "account" | "reach";

/** One line of the log of connections; addresses only, never paths or contents. */
export interface EgressEntry {
	readonly at: string;
	readonly purpose: EgressPurpose;
	/** `host:port`. */
	readonly target: string;
	readonly allowed: boolean;
	/** Requests and refusals of this kind in a row. */
	readonly count: number;
}

/** Why an address may not be reached. */
export class EgressRefusedError extends Error {
	override readonly name = "EgressRefusedError";
	readonly target: string;

	constructor(target: string) {
		super(
			`"Local only" is on, and ${target} is neither this computer nor the configured LMX. Switch it off with "opta config set localOnly false".`,
		);
		this.target = target;
	}
}

/** Every way out of the daemon for one purpose. With "local only" nothing but loopback and the configured LMX is reached. */
export interface EgressWay {
	/** As the global `fetch`; rejects with a `TypeError` whose `cause` is an `EgressRefusedError` where the guard refuses. */
	readonly fetch: typeof undiciFetch;
	/** The same for undici's own calls. */
	readonly dispatcher: Dispatcher;
	readonly openSocket: (url: string | URL, options?: { protocols?: string[]; headers?: Record<string, string> }) => WebSocket;
}

/** The one place through which the daemon connects to anything. */
export interface Egress {
	/** Where a purpose's connections go through. */
	readonly way: (purpose: EgressPurpose) => EgressWay;
	/** Throws `EgressRefusedError` where the address may not be reached; nothing is looked up. */
	readonly assertAllowed: (url: string | URL, purpose: EgressPurpose) => void;
	/**
	 * Replaces the origins that `reach` may use also with "local only": accounts and the host that the person joined this
	 * computer to. Nothing else may use them for that.
	 */
	readonly permitReach: (origins: readonly string[]) => void;
	/** Where connections went and which were refused, oldest first; bounded. */
	readonly log: () => readonly EgressEntry[];
	readonly close: () => Promise<void>;
}
