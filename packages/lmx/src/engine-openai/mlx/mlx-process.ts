import { fork } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** A running command that ends with LMX. */
export interface GuardedProcess {
	/** Of the command itself; null before it is known. */
	readonly pid: number | null;
	/** Ends it at once; settles when it is gone. */
	kill(): Promise<void>;
}

/** What the owner of the process hears. */
export interface GuardedProcessListener {
	/** A line that it wrote to stderr. */
	onLine(line: string): void;
	/** Exactly once, with the last line that it wrote. */
	onExit(reason: string): void;
}

const guardFile = fileURLToPath(new URL("./mlx-guard.ts", import.meta.url));

/** A port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}

/** Starts a command behind a guard that ends it when LMX ends. */
export function startGuardedProcess(command: string, args: readonly string[], listener: GuardedProcessListener): GuardedProcess {
	const guard = fork(guardFile, [command, ...args], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
	const gone = Promise.withResolvers<void>();
	let pid: number | null = null;
	let lastLine = "";
	let hasEnded = false;
	const end = (reason: string): void => {
		if (!hasEnded) {
			hasEnded = true;
			gone.resolve();
			listener.onExit(lastLine === "" ? reason : `${reason}, and wrote: ${lastLine}`);
		}
	};
	const allRead = Promise.withResolvers<void>();
	createInterface({ input: guard.stderr ?? Readable.from([]) })
		.on("line", (line) => {
			lastLine = line.trim() === "" ? lastLine : line.slice(0, 500);
			listener.onLine(line);
		})
		.once("close", allRead.resolve);
	guard.on("message", (message: { pid: number | null }) => {
		pid = message.pid;
	});
	// Not the event "close": it stays away when this side has closed the channel.
	guard.on("exit", (code) => void allRead.promise.then(() => end(`its process ended with code ${code}`)));
	guard.on("error", (error) => end(`its process cannot be started: ${error.message}`));
	return {
		get pid() {
			return pid;
		},
		kill() {
			if (guard.connected) {
				guard.disconnect();
			}
			return gone.promise;
		},
	};
}
