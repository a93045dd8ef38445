import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { lmxStatusSchema } from "@opta/contracts/schema/lmx-status";

/** One line of the log. */
type LogLine = Readonly<Record<string, unknown>>;

/** A running LMX as a process of its own, for tests. */
export interface LmxProcess {
	readonly url: string;
	readonly pid: number;
	readonly stateDir: string;
	/** Everything on stdout so far. */
	readonly log: readonly LogLine[];
	/** Waits for a line, also one that was written before. */
	logged(matches: (line: LogLine) => boolean): Promise<LogLine>;
	/** Process id of the model's process that was started last. */
	enginePid(): number;
	stop(): Promise<void>;
}

const main = path.join(import.meta.dirname, "../main.ts");

/** How an LMX that could not start ended. */
export interface FailedStart {
	readonly code: number | null;
	readonly stderr: string;
}

function spawn(flags: readonly string[], stateDir: string): ChildProcess {
	return fork(main, ["--port", "0", "--state-dir", stateDir, ...flags], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
}

/** Starts LMX on a free port with a state folder of its own; throws with its stderr when it ends instead. */
export async function startLmxProcess(...flags: string[]): Promise<LmxProcess> {
	const stateDir = mkdtempSync(path.join(tmpdir(), "opta-lmx-"));
	const child = spawn(flags, stateDir);
	const log: LogLine[] = [];
	const waiting = new Set<() => void>();
	const { stdout, pid } = child;
	if (stdout === null || pid === undefined) {
		throw new Error("LMX could not be spawned.");
	}
	let stderr = "";
	child.stderr?.on("data", (data) => {
		stderr += data;
	});
	createInterface({ input: stdout }).on("line", (line) => {
		log.push(JSON.parse(line));
		for (const check of [...waiting]) {
			check();
		}
	});
	const port = await new Promise<number>((resolve, reject) => {
		child.once("message", (message) => resolve((message as { port: number }).port));
		child.once("exit", () => reject(new Error(stderr)));
	});
	return {
		url: `http://127.0.0.1:${port}`,
		pid,
		stateDir,
		log,
		logged: (matches) =>
			new Promise((resolve) => {
				const check = (): void => {
					const found = log.find(matches);
					if (found !== undefined) {
						waiting.delete(check);
						resolve(found);
					}
				};
				waiting.add(check);
				check();
			}),
		enginePid: () => log.findLast((line) => line.msg === "loading model")?.enginePid as number,
		async stop() {
			if (child.exitCode === null && child.signalCode === null) {
				child.kill("SIGTERM");
				await once(child, "exit");
			}
			rmSync(stateDir, { recursive: true, force: true });
		},
	};
}

/** Starts an LMX that is expected to end by itself. */
export async function failingStart(...flags: string[]): Promise<FailedStart> {
	const stateDir = mkdtempSync(path.join(tmpdir(), "opta-lmx-"));
	const child = spawn(flags, stateDir);
	let stderr = "";
	child.stderr?.on("data", (data) => {
		stderr += data;
	});
	const [code] = await once(child, "close");
	rmSync(stateDir, { recursive: true, force: true });
	return { code, stderr };
}

/** Sends a chat. */
export function postChat(url: string, body: unknown, signal?: AbortSignal): Promise<Response> {
	return fetch(`${url}/v1/chat/completions`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(body),
		...(signal === undefined ? {} : { signal }),
	});
}

/** The data of each event of a stream, as it arrives. */
export async function* readEvents(response: Response): AsyncGenerator<string> {
	let text = "";
	for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
		text += piece;
		const events = text.split("\n\n");
		text = events.pop() ?? "";
		for (const event of events) {
			const data = event.split("\n").find((line) => line.startsWith("data: "));
			if (data !== undefined) {
				yield data.slice("data: ".length);
			}
		}
	}
}

/** The data of all events of a stream. */
export async function allEvents(response: Response): Promise<string[]> {
	const events: string[] = [];
	for await (const event of readEvents(response)) {
		events.push(event);
	}
	return events;
}

/** Requests that the models of a server are working on. */
export async function activeRequests(url: string): Promise<number> {
	const status = lmxStatusSchema.parse(await (await fetch(`${url}/admin/status`)).json());
	return status.performance.concurrent_requests;
}
