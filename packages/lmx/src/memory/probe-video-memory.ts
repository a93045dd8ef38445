import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findLibrary } from "../engine/library/find-library.ts";
import type { Backend } from "../engine/library/platform-build.ts";
import type { ProbeAnswer } from "../engine/probe-main.ts";

const probeMain = fileURLToPath(new URL("../engine/probe-main.ts", import.meta.url));
/** The first start of a driver takes seconds. */
const limitMs = 30_000;

/** Asks in a process of its own. Rejects when it does not answer in time. */
function ask(backend: Backend): Promise<ProbeAnswer> {
	return new Promise((resolve, reject) => {
		const child = fork(probeMain, [], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
		const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
		let answer: ProbeAnswer | null = null;
		child.once("message", (message: ProbeAnswer) => {
			answer = message;
		});
		child.once("error", reject);
		child.once("exit", (code, signal) => {
			clearTimeout(timer);
			if (answer === null) {
				reject(new Error(`The process that asks the graphics cards ended (${signal ?? `code ${code}`}).`));
			} else {
				resolve(answer);
			}
		});
		child.send(backend);
	});
}

/**
 * What graphics cards with memory of their own have, zero where there are none. Apple Silicon has one memory for everything.
 * Rejects when the cards do not answer, or when no library of ours fits this machine.
 */
export async function probeVideoMemory(backend: Backend): Promise<ProbeAnswer> {
	const isPossible = process.platform !== "darwin" && findLibrary(backend).build.backend !== "cpu";
	return isPossible ? ask(backend) : { totalBytes: 0, freeBytes: 0 };
}
