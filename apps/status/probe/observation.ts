/**
 * What one check saw. `fine`: answers as it should. `impaired`: answers, and says that it is not ready or refuses the check.
 * `failing`: a server error, a cut connection or no answer in time, which a second check has to confirm.
 * `unreachable`: nothing listens, which is certain at once.
 */
export interface Observation {
	readonly outcome: "fine" | "impaired" | "failing" | "unreachable";
	/** For a visitor; null when fine. */
	readonly reason: string | null;
	readonly latencyMs: number | null;
}
