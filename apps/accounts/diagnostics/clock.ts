/** Two-sided: how far the database's clock may be from this server's. Codes of authenticator apps step every 30 s, passes live 60 s. */
const warnMs = 2_000;
const badMs = 10_000;

/** When a call left, came back (this server's clock), and what the database said in between; all in ms since 1970. */
export interface ClockReading {
	readonly sentMs: number;
	readonly receivedMs: number;
	readonly databaseMs: number;
}

/** How far the database's clock is ahead of this server's (ms; negative: behind), and how sure that is. */
export interface ClockSkew {
	readonly skewMs: number;
	readonly uncertainMs: number;
	readonly state: "ok" | "warn" | "bad";
}

/** The database read its clock at some moment of the call, so half of the call's time is uncertain (as in RFC 5905, NTP). */
export function clockSkew({ sentMs, receivedMs, databaseMs }: ClockReading): ClockSkew {
	const uncertainMs = Math.max(0, receivedMs - sentMs) / 2;
	const skewMs = databaseMs - (sentMs + uncertainMs);
	const certainMs = Math.abs(skewMs) - uncertainMs;
	return { skewMs, uncertainMs, state: certainMs > badMs ? "bad" : certainMs > warnMs ? "warn" : "ok" };
}

/** "0.3 s ahead (± 0.1 s)". */
export function skewInWords({ skewMs, uncertainMs }: ClockSkew): string {
	const seconds = (ms: number) => `${(Math.abs(ms) / 1000).toFixed(1)} s`;
	return `${seconds(skewMs)} ${skewMs < 0 ? "behind" : "ahead"} (± ${seconds(uncertainMs)})`;
}
