import { leftText } from "@opta/reach/claim/left-text";

/** Where a line is shown that changes; a terminal, or anything else that is written to. */
export interface Screen {
	readonly isTTY?: boolean;
	write(text: string): unknown;
}

const everyMs = 1000;
const clearLine = "\r\u001b[2K";

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
