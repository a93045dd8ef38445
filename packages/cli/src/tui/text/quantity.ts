/** A time for people: `480 ms`, `3.2 s`, `4 min 05 s`. */
export function durationText(durationMs: number): string {
	if (durationMs < 1000) {
		return `${Math.round(durationMs)} ms`;
	}
	const seconds = durationMs / 1000;
	return seconds < 60
		? `${seconds.toFixed(1)} s`
		: `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

/** A number with its unit: `1 line`, `1,200 lines`. */
export function countText(count: number, one: string, many = `${one}s`): string {
	return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** How long ago, roughly: `now`, `5 min`, `3 h`, `2 d`. */
export function agoText(at: string, nowMs: number): string {
	const minutes = Math.max(0, Math.floor((nowMs - Date.parse(at)) / 60_000));
	if (minutes < 1) {
		return "now";
	}
	return minutes < 60 ? `${minutes} min` : minutes < 1440 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}
