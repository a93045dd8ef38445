import { styleText } from "node:util";
import type { Environment } from "@opta/daemon/platform/opta-home";

/** How text stands out on a terminal. */
export type Emphasis = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Where commands write: results on stdout, everything said meanwhile on stderr. */
export interface Output {
	/** Stdout is a terminal. */
	readonly isTerminal: boolean;
	/** Colours where stdout is a terminal and nobody objects (https://no-color.org). */
	paint(emphasis: Emphasis, text: string): string;
	/** Without a line end. */
	write(text: string): void;
	line(text: string): void;
	/** One JSON document, indented for people who look at it. */
	json(value: unknown): void;
	/** One JSON document on one line. */
	jsonLine(value: unknown): void;
	/** To stderr, in a line of its own. */
	note(text: string): void;
	/** To stderr: replaces the progress shown before; null takes it away. Shown on terminals only. */
	progress(text: string | null): void;
	/** Resolves when everything has left this process. */
	flush(): Promise<void>;
}

/** What an output needs of a stream. */
export interface OutputStream {
	readonly isTTY?: boolean;
	readonly columns?: number;
	write(text: string, done?: () => void): unknown;
}

function wantsColours(stream: OutputStream, environment: Environment): boolean {
	return stream.isTTY === true && (environment.NO_COLOR ?? "") === "" && environment.TERM !== "dumb";
}

/** Output over two streams. */
export function createOutput(stdout: OutputStream, stderr: OutputStream, environment: Environment): Output {
	const isColoured = wantsColours(stdout, environment);
	let shownProgress = "";
	const clearProgress = (): void => {
		if (shownProgress !== "") {
			stderr.write("\r\u001b[K");
			shownProgress = "";
		}
	};
	const write = (text: string): void => {
		clearProgress();
		stdout.write(text);
	};
	return {
		isTerminal: stdout.isTTY === true,
		paint: (emphasis, text) => (isColoured ? styleText(emphasis, text, { validateStream: false }) : text),
		write,
		line: (text) => write(`${text}\n`),
		json: (value) => write(`${JSON.stringify(value, null, 2)}\n`),
		jsonLine: (value) => write(`${JSON.stringify(value)}\n`),
		note(text) {
			clearProgress();
			stderr.write(`${text}\n`);
		},
		progress(text) {
			if (stderr.isTTY !== true || text === shownProgress) {
				return;
			}
			clearProgress();
			if (text !== null) {
				shownProgress = text.slice(0, (stderr.columns ?? 80) - 1);
				stderr.write(shownProgress);
			}
		},
		async flush() {
			clearProgress();
			for (const stream of [stdout, stderr]) {
				await new Promise<void>((resolve) => stream.write("", () => resolve()));
			}
		},
	};
}
