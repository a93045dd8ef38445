import { broken, type CheckOutcome, fine, limited, skipped } from "./doctor-check.ts";

/** A difference above this is told; passes live for 60 s, so that above the second they are refused. */
const warnAboveMs = 5_000;
const failAboveMs = 30_000;
/** `Date` counts whole seconds (RFC 9110 §6.6.1), cut off: half of one is the best guess. */
const roundingMs = 500;

const advice = "Let the clock set itself from the network (NTP), on this computer or on the one that differs.";

/**
 * How far this computer's clock is before the one that answered, in milliseconds, from the `Date` header of an answer, which
 * is made when the answer begins, and the time at which it began here; null where the header is none.
 */
export function clockSkewMs(date: string | null | undefined, receivedAtMs: number): number | null {
	const theirs = Date.parse(date ?? "");
	return Number.isNaN(theirs) ? null : Math.round(receivedAtMs - (theirs + roundingMs));
}

/** What a difference to another clock means. `whose` is as in "the clock of accounts". */
export function judgeClock(skewMs: number | null, whose: string): CheckOutcome {
	if (skewMs === null) {
		return skipped(`The clock of ${whose} was not told.`);
	}
	const seconds = Math.round(Math.abs(skewMs) / 1000);
	if (Math.abs(skewMs) <= warnAboveMs) {
		return fine(`The clock agrees with that of ${whose}.`);
	}
	const summary = `The clock here is ${seconds} s ${skewMs > 0 ? "before" : "behind"} that of ${whose}`;
	return Math.abs(skewMs) > failAboveMs
		? broken(`${summary}; passes, which live for a minute, are refused.`, advice)
		: limited(`${summary}.`, advice);
}
