import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inheritedEnvironment, publishPlatform } from "./env.ts";
import { findFreePortBlock } from "./free-ports.ts";

const startScript = fileURLToPath(new URL("../../platform/src/start/main.ts", import.meta.url));

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

/** Starts a whole platform with ports and a home of its own; the returned function stops it. */
export default async function startPlatform(): Promise<() => Promise<void>> {
	const portBase = await findFreePortBlock(12);
	const home = mkdtempSync(path.join(tmpdir(), "opta-e2e-"));
	const runId = randomUUID();
	const [supabasePort, mailboxPort, lmxPort, doorPort] = [portBase + 9, portBase + 10, portBase + 11, portBase + 12];
	const flags = { "state-dir": home, "port-base": portBase, "supabase-port": supabasePort, "mailbox-port": mailboxPort, "lmx-port": lmxPort, "door-port": doorPort, "status-interval-ms": 1000 };
	const child = spawn(process.execPath, [startScript, ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)])], {
		stdio: ["ignore", "inherit", "inherit", "ipc"],
		env: { ...inheritedEnvironment, OPTA_RUN_ID: runId },
		detached: true,
	});
	await whenReady(child);
	publishPlatform({ home, pid: child.pid ?? 0, portBase, supabasePort, mailboxPort, lmxPort, doorPort, runId });
	return async () => {
		if (child.exitCode === null) {
			const ended = new Promise((resolve) => child.once("exit", resolve));
			child.kill("SIGINT");
			await ended;
		}
		rmSync(home, { recursive: true, force: true });
	};
}
