import type { OwnLmx } from "./own-lmx.ts";

/** What a figure must reach. `ratio…` and `atMostMore` compare with the other server, in the same round order. */
export type Bar =
	| { readonly kind: "ratioAtLeast" | "ratioAtMost"; readonly value: number }
	/** The other server's value and this much more. */
	| { readonly kind: "atMostMore"; readonly value: number }
	| { readonly kind: "atLeast" | "atMost"; readonly value: number };

/** One number that a measurement gives. */
export interface Figure {
	readonly label: string;
	readonly unit: string;
	readonly bar: Bar;
}

/** A server under load. */
export interface Server {
	readonly name: string;
	readonly url: string;
}

/** A measurement that any OpenAI-compatible server can take. */
export interface Comparison {
	readonly kind: "comparison";
	/** For `--only`. */
	readonly name: string;
	readonly figures: readonly Figure[];
	/** One value per figure. `round` is different in every call on one server, so that no prompt repeats by accident. */
	measure(server: Server, round: number): Promise<readonly number[]>;
}

/** A measurement that needs LMX's own counters or process. */
export interface OwnMeasurement {
	readonly kind: "own";
	readonly name: string;
	readonly figures: readonly Figure[];
	measure(lmx: OwnLmx, round: number): Promise<readonly number[]>;
}

/** A measurement of the bench. */
export type Measurement = Comparison | OwnMeasurement;
