import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { QuantizeAnswer, QuantizeTask } from "./quantize-messages.ts";

const childMain = fileURLToPath(new URL("./child-main.ts", import.meta.url));

/** Lines of the library that are kept to explain a failure. */
const keptLines = 200;

/** What came of a task. */
export type QuantizerResult =
	| { readonly ok: true; readonly answer: Exclude<QuantizeAnswer, { type: "failed" | "progress" }>; readonly lines: readonly string[] }
	| { readonly ok: false; readonly reason: string; readonly lines: readonly string[] };

/** What the caller hears. */
export interface QuantizerOptions {
	readonly signal: AbortSignal;
	/** Hears a number from 0 to 1. */
	readonly onProgress: (fraction: number) => void;
}

/** Progress that a line of llama.cpp's quantiser tells: `[  12/ 272] blk.0.ffn_down.weight …`. */
export function progressOfLine(line: string): number | null {
	const match = /^\[\s*(\d+)\/\s*(\d+)\]/.exec(line);
	const total = Number(match?.[2]);
	return match === null || total === 0 ? null : Math.min(1, Number(match[1]) / total);
}

/** Why the library refused, in its own words. */
function reasonOf(lines: readonly string[], fallback: string): string {
	const found = lines.findLast((line) => /failed to quantize: |error[: ]/i.test(line));
	return found?.replace(/^.*failed to quantize: /, "").trim() ?? fallback;
}

/** Does a task in a process of its own, which is killed when the signal is aborted; settles when it is gone. */
export function runQuantizer(task: QuantizeTask, { signal, onProgress }: QuantizerOptions): Promise<QuantizerResult> {
	return new Promise((resolve) => {
		const child = fork(childMain, [], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
		const lines: string[] = [];
		let answer: QuantizeAnswer | null = null;
		const stop = (): boolean => child.kill("SIGKILL");
		if (child.stderr !== null) {
			createInterface({ input: child.stderr }).on("line", (line) => {
				lines.push(line);
				if (lines.length > keptLines) {
					lines.shift();
				}
				const fraction = progressOfLine(line);
				if (fraction !== null) {
					onProgress(fraction);
				}
			});
		}
		child.on("message", (message: QuantizeAnswer) => {
			if (message.type === "progress") {
				onProgress(message.fraction);
			} else {
				answer = message;
			}
		});
		child.once("close", (code, killedBy) => {
			signal.removeEventListener("abort", stop);
			const found = answer as QuantizeAnswer | null;
			if (found !== null && found.type !== "failed" && found.type !== "progress") {
				resolve({ ok: true, answer: found, lines });
			} else {
				const end = `its process ended ${killedBy === null ? `with code ${code}` : `by ${killedBy}`}`;
				const message = found?.type === "failed" ? found.message : end;
				resolve({ ok: false, reason: reasonOf(lines, message), lines });
			}
		});
		child.once("error", (error) => lines.push(String(error)));
		signal.addEventListener("abort", stop, { once: true });
		if (signal.aborted) {
			stop();
		} else {
			child.send(task);
		}
	});
}
