import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ensureLocalSecrets, type LocalSecrets } from "../local-secrets.ts";

const readySchema = z.object({ type: z.literal("ready"), port: z.int(), mailboxPort: z.int() });

/** Origin of accounts that the mails of a spawned Supabase link to. */
export const spawnedSiteUrl = "http://accounts.optalocal.localhost:3003";

/** An embedded Supabase in a process of its own, for tests. */
export interface SpawnedLocal {
	readonly url: string;
	readonly mailboxUrl: string;
	readonly secrets: LocalSecrets;
	readonly process: ChildProcess;
	/** Asks it to stop, and resolves with its exit code once it is gone. */
	stop(): Promise<number | null>;
	/** Kills it at once, as a power cut or `kill -9` would. */
	kill(): Promise<void>;
}

/** How a process ended that did not become ready. */
export interface FailedLocal {
	readonly exitCode: number | null;
	readonly stderr: string;
}

function start(args: readonly string[]): { child: ChildProcess; exited: Promise<number | null>; stderr: () => string } {
	const child = fork(fileURLToPath(new URL("../local-main.ts", import.meta.url)), [...args], {
		stdio: ["ignore", "ignore", "pipe", "ipc"],
	});
	let stderr = "";
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		stderr += text;
	});
	// Not "close": it does not come once our end of the channel was closed.
	const exited = once(child, "exit").then(([code]: (number | null)[]) => code ?? null);
	return { child, exited, stderr: () => stderr };
}

/** Starts it on a state folder and free ports, and resolves when it is ready. */
export async function spawnLocal(stateDir: string, flags: readonly string[] = []): Promise<SpawnedLocal> {
	const { child, exited, stderr } = start([
		...["--state-dir", stateDir, "--port", "0", "--mailbox-port", "0", "--site-url", spawnedSiteUrl, "--door-url", "http://127.0.0.1:8788"],
		...flags,
	]);
	const message = await Promise.race([once(child, "message").then(([first]: unknown[]) => first), exited]);
	const ready = readySchema.safeParse(message);
	if (!ready.success) {
		throw new Error(`Supabase did not become ready: ${stderr()}`);
	}
	return {
		url: `http://127.0.0.1:${ready.data.port}`,
		mailboxUrl: `http://127.0.0.1:${ready.data.mailboxPort}`,
		secrets: await ensureLocalSecrets(stateDir),
		process: child,
		stop: () => {
			child.kill("SIGTERM");
			return exited;
		},
		kill: async () => {
			child.kill("SIGKILL");
			await exited;
		},
	};
}

/** Starts it with flags that are expected to fail, and resolves with what it left. */
export async function failLocal(flags: readonly string[]): Promise<FailedLocal> {
	const { child, exited, stderr } = start(flags);
	await once(child, "close");
	return { exitCode: await exited, stderr: stderr() };
}
