import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, on, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type RoleMessage, readyMessageSchema, roleMessageSchema } from "@opta/contracts/schema/process-message";
import { createPassMaker, type PassMaker } from "@opta/reach/testing/pass-maker";
import { untilGone } from "./process-state.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** native-host as its own process, with a state folder of its own. */
export interface HostBench {
	readonly stateDir: string;
	/** Makes passes that the door of this host takes. */
	readonly passes: PassMaker;
	readonly start: (...args: readonly string[]) => ChildProcess;
	/** The same with variables; it has none else. */
	readonly startWith: (variables: Readonly<Record<string, string>>, ...args: readonly string[]) => ChildProcess;
	/** Runs to its end. */
	readonly runToEnd: (...args: readonly string[]) => Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }>;
	/** The next time a role is in a state. */
	readonly nextChange: (role: string, state: RoleMessage["state"]) => Promise<RoleMessage>;
	/** Settles when native-host said that all roles serve. */
	readonly allReady: () => Promise<void>;
	/** Ends everything that was started, whatever its state, and removes the folder. */
	readonly close: () => Promise<void>;
}

/** Makes a state folder with the identity of a host, as claiming it does. */
export async function openHostBench(): Promise<HostBench> {
	const stateDir = mkdtempSync(path.join(tmpdir(), "opta-host-"));
	const passes = await createPassMaker();
	writeFileSync(path.join(stateDir, "host.json"), JSON.stringify(passes.identity));
	let child: ChildProcess | null = null;
	const messages = new EventEmitter();
	const changes = on(messages, "role");
	const ready = once(messages, "ready");
	const rolePids = new Set<number>();

	const startWith = (variables: Readonly<Record<string, string>>, ...args: readonly string[]): ChildProcess => {
		child = spawn(process.execPath, [main, "--state-dir", stateDir, ...args], {
			stdio: ["ignore", "pipe", "pipe", "ipc"],
			env: { ...variables },
		});
		child.on("message", (message) => {
			const change = roleMessageSchema.safeParse(message);
			if (!change.success) {
				if (readyMessageSchema.safeParse(message).success) {
					messages.emit("ready");
				}
				return;
			}
			if (change.data.pid !== null) {
				rolePids.add(change.data.pid);
			}
			messages.emit("role", change.data);
		});
		return child;
	};
	const start = (...args: readonly string[]): ChildProcess => startWith({}, ...args);
	return {
		stateDir,
		passes,
		start,
		startWith,
		runToEnd: async (...args) => {
			const started = start(...args);
			const written = Promise.all([started.stdout, started.stderr].map((stream) => (stream === null ? "" : text(stream))));
			const [code] = await once(started, "exit");
			const [out = "", complaint = ""] = await written;
			return { code, stdout: out, stderr: complaint };
		},
		nextChange: async (role, state) => {
			// Not `for await`, which would close the iterator for the next call.
			for (;;) {
				const change: RoleMessage | undefined = (await changes.next()).value?.[0];
				if (change?.role === role && change.state === state) {
					return change;
				}
			}
		},
		allReady: async () => {
			await ready;
		},
		close: async () => {
			child?.kill("SIGKILL");
			await Promise.all([...rolePids].map(untilGone));
			rmSync(stateDir, { recursive: true, force: true });
		},
	};
}
