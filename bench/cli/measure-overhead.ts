import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stopDaemon } from "@opta/daemon/lifecycle/stop-daemon";
import { startScriptedModel } from "@opta/daemon/testing/scripted-model";
import { median } from "../median.ts";

/** The part of the program that is measured. Taken by its address: its screens need another compiler setting than a bench has. */
interface Program {
	runProgram(call: {
		readonly args: readonly string[];
		readonly output: unknown;
		readonly input: unknown;
		readonly environment: Readonly<Record<string, string>>;
		readonly folder: string;
		readonly signal: AbortSignal;
	}): Promise<number>;
}
interface Terminal {
	createOutput(stdout: unknown, stderr: unknown, environment: Readonly<Record<string, string>>): unknown;
}

const inProgram = (file: string): string => new URL(`../../packages/cli/src/${file}`, import.meta.url).href;

const warmUps = 5;
const rounds = 40;
const reply = "A short answer.";

/** Medians in milliseconds, of rounds that take turns. */
export interface Overhead {
	/** A request to the model server and its whole answer. */
	readonly bareMs: number;
	/** `opta do` with the same answer: session, turn, model, stream, result; in this process, with a daemon that runs. */
	readonly doMs: number;
}

async function askBare(url: string): Promise<number> {
	const startedAt = performance.now();
	const response = await fetch(`${url}/v1/chat/completions`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ model: "auto", messages: [{ role: "user", content: "Say something." }], stream: true }),
	});
	await response.text();
	return performance.now() - startedAt;
}

/** Measures what the way through program and daemon adds to a model's answer. */
export async function measureOverhead(): Promise<Overhead> {
	const { runProgram } = (await import(inProgram("program/run-program.ts"))) as Program;
	const { createOutput } = (await import(inProgram("terminal/output.ts"))) as Terminal;
	const model = await startScriptedModel({ otherwise: () => [{ text: reply }] });
	const [home, folder] = await Promise.all(["home", "folder"].map((name) => mkdtemp(path.join(tmpdir(), `opta-bench-${name}-`))));
	if (home === undefined || folder === undefined) {
		throw new Error("No temporary folders.");
	}
	const environment = {
		PATH: path.dirname(process.execPath),
		HOME: home,
		OPTA_HOME: home,
		OPTA_CONNECTION_HOST: model.host,
		OPTA_CONNECTION_PORT: String(model.port),
		OPTA_AGENT_TITLES: "false",
	};
	const silent = { write: (_text: string, done?: () => void) => done?.() };
	const runDo = async (): Promise<number> => {
		const startedAt = performance.now();
		const code = await runProgram({
			args: ["do", "--no-stdin", "Say something."],
			output: createOutput(silent, silent, environment),
			input: { isTerminal: false, stream: process.stdin, readAll: async () => "" },
			environment,
			folder,
			signal: new AbortController().signal,
		});
		if (code !== 0) {
			throw new Error(`opta do ended with ${code}.`);
		}
		return performance.now() - startedAt;
	};
	try {
		for (let round = 0; round < warmUps; round++) {
			await runDo();
			await askBare(model.url);
		}
		const bare: number[] = [];
		const through: number[] = [];
		for (let round = 0; round < rounds; round++) {
			bare.push(await askBare(model.url));
			through.push(await runDo());
		}
		return { bareMs: median(bare), doMs: median(through) };
	} finally {
		await stopDaemon({ home, drainMs: 0, whenOver: "end" });
		await model.close();
		await Promise.all([home, folder].map((one) => rm(one, { recursive: true, force: true })));
	}
}
