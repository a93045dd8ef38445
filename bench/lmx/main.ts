import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { type SeenAnswer, streamChat } from "./stream-chat.ts";

/** Measures LMX over HTTP with its own reader beside: `node bench/lmx/main.ts [--model name] [--tokens 200] [--streams 1,2,4,6,8]`. */

const { values } = parseArgs({
	options: {
		model: { type: "string", default: "smollm2-135m-instruct" },
		tokens: { type: "string", default: "200" },
		streams: { type: "string", default: "1,2,4,6,8" },
		prompt: { type: "string", default: "1100" },
	},
});
const tokens = Number(values.tokens);
const questions = ["a fox", "a lighthouse", "two brothers", "a train at night", "an old clock", "a garden", "the first snow", "a map"];
const ask = (index: number): string => `Tell me a long story about ${questions[index % questions.length]}.`;

const stateDir = mkdtempSync(path.join(tmpdir(), "opta-bench-"));
const main = path.join(import.meta.dirname, "../../packages/lmx/src/main.ts");
const startedAtMs = performance.now();
const lmx = fork(main, ["--port", "0", "--state-dir", stateDir, "--model", values.model], {
	stdio: ["ignore", "ignore", "inherit", "ipc"],
});
const [{ port }] = (await once(lmx, "message")) as [{ port: number }];
const url = `http://127.0.0.1:${port}`;

function row(label: string, cells: readonly (number | string)[]): void {
	console.log(label.padEnd(34) + cells.map((cell) => (typeof cell === "number" ? cell.toFixed(0) : cell).padStart(12)).join(""));
}

function mean(numbers: readonly number[]): number {
	return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

try {
	row("ready after, ms", [performance.now() - startedAtMs]);
	await streamChat(url, "Hello", 8);
	row("", ["total tok/s", "each tok/s", "first ms", "worst gap"]);
	for (const count of values.streams.split(",").map(Number)) {
		const sentAtMs = performance.now();
		const seen = await Promise.all(Array.from({ length: count }, (_, index) => streamChat(url, ask(index), tokens)));
		const total = seen.reduce((sum, answer) => sum + answer.timings.predicted_n, 0);
		row(`${count} streams of ${tokens} tokens`, [
			(total * 1000) / (performance.now() - sentAtMs),
			mean(seen.map((answer) => answer.timings.predicted_per_second)),
			mean(seen.map((answer) => answer.firstTextMs)),
			Math.max(...seen.map((answer) => answer.longestGapMs)),
		]);
	}

	const long = "The lamp on the river was quiet and green. ".repeat(Number(values.prompt) / 10);
	const running = Array.from({ length: 5 }, (_, index) => streamChat(url, ask(index), tokens));
	const entering = await streamChat(url, `${long}What was quiet?`, 16);
	const beside: SeenAnswer[] = await Promise.all(running);
	row(`prompt of ${entering.timings.prompt_n} beside 5 streams`, [
		"",
		mean(beside.map((answer) => answer.timings.predicted_per_second)),
		entering.firstTextMs,
		Math.max(...beside.map((answer) => answer.longestGapMs)),
	]);
	const alone = await streamChat(url, `${"A cat sat down on the old wall. ".repeat(130)}Why?`, 16);
	row(`prompt of ${alone.timings.prompt_n} alone`, [`${alone.timings.prompt_per_second.toFixed(0)} in/s`, "", alone.firstTextMs, ""]);
	const again = await streamChat(url, `${"A cat sat down on the old wall. ".repeat(130)}Why?`, 16);
	row("the same again, from the cache", ["", "", again.firstTextMs, ""]);

	const status = (await (await fetch(`${url}/admin/status`)).json()) as { models: { threads: number; ramBytes: number }[] };
	row("threads, resident MB", [status.models[0]?.threads ?? 0, (status.models[0]?.ramBytes ?? 0) / 1e6]);
} finally {
	lmx.kill("SIGTERM");
	await once(lmx, "exit");
	rmSync(stateDir, { recursive: true, force: true });
}
