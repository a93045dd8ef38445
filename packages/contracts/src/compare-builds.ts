import { type CheckOutcome, fine, limited } from "./doctor-check.ts";

/** A program of the platform and its build. */
export interface KnownBuild {
	readonly program: string;
	readonly build: string;
}

/** What it means that programs which work together are of these builds. */
export function compareBuilds(known: readonly KnownBuild[]): CheckOutcome {
	const told = known.map(({ program, build }) => `${program} ${build}`).join(", ");
	return new Set(known.map(({ build }) => build)).size > 1
		? limited(`Programs of different builds run together: ${told}.`, "Update the older one, and start it again.")
		: fine(`${told}.`);
}
