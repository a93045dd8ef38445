import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../environment/env.ts";
import { findFreePortBlock } from "./free-ports.ts";

/** Where a platform listens and keeps its state. */
export interface SpawnedPlatform {
	readonly pid: number;
	readonly home: string;
	readonly portBase: number;
	readonly supabasePort: number;
	readonly mailboxPort: number;
	readonly lmxPort: number;
	readonly doorPort: number;
	/** From the spawn to all parts healthy. */
	readonly startedInMs: number;
	/** Ends it as Ctrl-C does, waits, and removes its home. */
	readonly stop: () => Promise<void>;
}

const startScript = fileURLToPath(new URL("../start/main.ts", import.meta.url));

function whenReady(child: ChildProcess): Promise<void> {
	return new Promise((resolve, reject) => {
		child.on("message", (message) => {
			if (typeof message === "object" && message !== null && "type" in message && message.type === "ready") {
				resolve();
			}
		});
		child.once("exit", (code) => reject(new Error(`The platform ended with exit code ${code} before it was ready.`)));
	});
}

/**
 * Starts a whole platform as `npm start` does, in a process group, home and block of ports of its own.
 * @param flags more flags of `npm start`, without their dashes
 * @throws when it ends before it is ready; its own output says why
 */
export async function spawnPlatform(flags: Readonly<Record<string, string>> = {}): Promise<SpawnedPlatform> {
	const portBase = await findFreePortBlock(12);
	const home = mkdtempSync(path.join(tmpdir(), "opta-platform-"));
	const ports = { supabasePort: portBase + 9, mailboxPort: portBase + 10, lmxPort: portBase + 11, doorPort: portBase + 12 };
	const given = {
		"state-dir": home,
		"port-base": String(portBase),
		"supabase-port": String(ports.supabasePort),
		"mailbox-port": String(ports.mailboxPort),
		"lmx-port": String(ports.lmxPort),
		"door-port": String(ports.doorPort),
		...flags,
	};
	const startedAt = performance.now();
	const child = spawn(process.execPath, [startScript, ...Object.entries(given).flatMap(([flag, value]) => [`--${flag}`, value])], {
		stdio: ["ignore", "inherit", "inherit", "ipc"],
		env: childEnvironment(),
		detached: true,
	});
	const stop = async (): Promise<void> => {
		if (child.exitCode === null && child.signalCode === null) {
			const ended = new Promise((resolve) => child.once("exit", resolve));
			child.kill("SIGINT");
			await ended;
		}
		rmSync(home, { recursive: true, force: true });
	};
	try {
		await whenReady(child);
	} catch (error) {
		await stop();
		throw error;
	}
	return { pid: child.pid ?? 0, home, portBase, ...ports, startedInMs: performance.now() - startedAt, stop };
}
