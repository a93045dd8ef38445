import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { EngineSettings, FromEngine, ToEngine } from "../engine/engine-messages.ts";
import { environment } from "../env.ts";

/** How a model's process ended, in words for people. */
export interface EngineExit {
	readonly reason: string;
}

/** What the owner of a model's process hears. */
export interface EngineProcessListener {
	onMessage(message: FromEngine): void;
	/** Exactly once. */
	onExit(exit: EngineExit): void;
}

/** A running process of one model. */
export interface EngineProcess {
	readonly pid: number | undefined;
	send(message: ToEngine): void;
	/** Ends it at once, for it holds nothing that must be saved; settles when it is gone. */
	kill(): Promise<void>;
}

/**
 * V8 would let its nursery grow to 100 MB and keep it. Nothing here lives long, so that a small one costs no time,
 * and the memory of a model's process stays what it was after loading.
 */
const childFlags = ["--max-semi-space-size=4"];

/**
 * glibc (2.35 and newer) then asks for large pages in large blocks of memory: weights that are copied there, and the cache,
 * are read with fewer look-ups of addresses. Other C libraries do not know the variable.
 */
const largePages = { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" };

const childMain = fileURLToPath(new URL("../engine/child-main.ts", import.meta.url));

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
	return signal === null ? `its process ended with code ${code}` : `its process was ended by ${signal}`;
}

/** Starts a model's process and tells it to load. What the native library writes goes to the log. */
export function startEngineProcess(settings: EngineSettings, listener: EngineProcessListener, logger: Logger): EngineProcess {
	const child: ChildProcess = fork(childMain, [], {
		execArgv: childFlags,
		env: { ...largePages, ...environment },
		stdio: ["ignore", "ignore", "pipe", "ipc"],
	});
	let brokenReason: string | null = null;
	let hasExited = false;
	const gone = Promise.withResolvers<void>();
	const exit = (reason: string): void => {
		if (!hasExited) {
			hasExited = true;
			gone.resolve();
			listener.onExit({ reason: brokenReason ?? reason });
		}
	};
	if (child.stderr !== null) {
		createInterface({ input: child.stderr }).on("line", (line) => logger.debug({ pid: child.pid, native: line }, "engine"));
	}
	child.on("message", (message: FromEngine) => {
		if (message.type === "broken") {
			brokenReason = message.message;
		} else {
			listener.onMessage(message);
		}
	});
	child.on("exit", (code, signal) => exit(describeExit(code, signal)));
	child.on("error", (error) => exit(`its process cannot be reached: ${error.message}`));
	const send = (message: ToEngine): void => {
		if (child.connected) {
			child.send(message, (error) => {
				if (error !== null) {
					logger.debug({ err: error }, "a message to the engine was lost with its process");
				}
			});
		}
	};
	send({ type: "load", settings });
	return {
		pid: child.pid,
		send,
		kill() {
			child.kill("SIGKILL");
			return gone.promise;
		},
	};
}
