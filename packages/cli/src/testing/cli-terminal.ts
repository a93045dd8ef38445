import { spawn } from "@lydell/node-pty";
import type { CliBench } from "./cli-process.ts";

/** A call of the program on a terminal. */
export interface CliTerminal {
	readonly write: (keys: string) => void;
	readonly exit: Promise<number>;
	/** Resolves when that text has come. */
	readonly saw: (text: string) => Promise<void>;
	/** Everything so far, with the terminal's own sequences. */
	readonly read: () => string;
}

/** Runs the bench's program on a terminal, as a person has it. */
export function openTerminal({ program, workspace, environment }: CliBench, args: readonly string[]): CliTerminal {
	const terminal = spawn(process.execPath, [...program, ...args], {
		cols: 100,
		rows: 30,
		cwd: workspace,
		env: { ...environment, TERM: "xterm-256color" },
	});
	let text = "";
	const looking = new Set<() => void>();
	terminal.onData((part) => {
		text += part;
		for (const look of looking) {
			look();
		}
	});
	const exit = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
	const saw = (wanted: string): Promise<void> =>
		new Promise((resolve, reject) => {
			const look = (): void => {
				if (text.includes(wanted)) {
					looking.delete(look);
					resolve();
				}
			};
			looking.add(look);
			look();
			exit.then(() => reject(new Error(`"${wanted}" did not come: ${text}`)), reject);
		});
	return { write: (keys) => terminal.write(keys), exit, saw, read: () => text };
}
