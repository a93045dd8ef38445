/** Where a line is shown that changes; a terminal, or anything else that is written to. */
export interface Screen {
	readonly isTTY?: boolean;
	write(text: string): unknown;
}

const everyMs = 1000;
const clearLine = "\r\u001b[2K";

/** Words for the time that is left, as `4:05`. */
export function leftText(leftMs: number): string {
	const seconds = Math.max(0, Math.ceil(leftMs / 1000));
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Shows how long is still waited, on one line of a terminal; elsewhere it says it once. Answers what ends it. */
export function showCountdown(screen: Screen, words: string, lastsMs: number): () => void {
	const endAtMs = performance.now() + lastsMs;
	if (screen.isTTY !== true) {
		screen.write(`${words} (${leftText(lastsMs)} left)\n`);
		return () => undefined;
	}
	const draw = (): void => {
		screen.write(`${clearLine}${words}  ${leftText(endAtMs - performance.now())}`);
	};
	draw();
	const timer = setInterval(draw, everyMs);
	return () => {
		clearInterval(timer);
		screen.write(clearLine);
	};
}
