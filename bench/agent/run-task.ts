import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { createScriptedSession } from "@opta/daemon/testing/scripted-turn";
import type { TurnRunner } from "@opta/daemon/turns/turn-runner";
import type { AgentTask, FinishedTask } from "./agent-task.ts";

/** How a task went. */
export interface TaskResult {
	readonly name: string;
	readonly ok: boolean;
	/** Why it is not done; null where it is. */
	readonly reason: string | null;
	readonly steps: number;
	readonly toolCalls: number;
	readonly promptTokens: number;
	readonly cachedTokens: number;
	readonly completionTokens: number;
	readonly durationMs: number;
}

const run = promisify(execFile);
const moduleLimitMs = 20_000;

function makeRepository(files: AgentTask["files"]): string {
	const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "opta-task-")));
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
		writeFileSync(path.join(folder, name), text);
	}
	return folder;
}

async function commitAll(folder: string): Promise<void> {
	const git = (...args: string[]): Promise<unknown> =>
		run("git", ["-C", folder, "-c", "user.name=Bench", "-c", "user.email=bench@localhost", ...args]);
	await git("init", "--quiet");
	await git("add", "--all");
	await git("commit", "--quiet", "--message", "Begin");
}

function finished(folder: string, answer: string): FinishedTask {
	return {
		answer,
		read: (name) => (existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name), "utf8") : null),
		files: () =>
			readdirSync(folder, { recursive: true, encoding: "utf8" })
				.filter((name) => !/^\.git(\/|\\|$)/.test(name) && statSync(path.join(folder, name)).isFile())
				.map((name) => name.replaceAll("\\", "/"))
				.toSorted(),
		runModule: (code) =>
			run(process.execPath, ["--input-type=module", "--eval", code], { cwd: folder, timeout: moduleLimitMs, env: {} }).then(
				({ stdout }) => stdout.trimEnd(),
				() => null,
			),
	};
}

/** Gives the agent a task in a new repository, waits at most `limitMs`, and checks what it did. The repository is gone afterwards. */
export async function runTask(agent: TurnRunner, task: AgentTask, limitMs: number): Promise<TaskResult> {
	const folder = makeRepository(task.files);
	try {
		await commitAll(folder);
		const environment = { PATH: `${path.dirname(process.execPath)}${path.delimiter}/usr/local/bin:/usr/bin:/bin`, HOME: folder };
		const session = createScriptedSession({ workspace: folder, environment });
		const startedMs = performance.now();
		const end = await agent.run(session.say(task.prompt, { signal: AbortSignal.timeout(limitMs) }));
		const durationMs = performance.now() - startedMs;
		const replies = session.file.messages.filter(({ role }) => role === "assistant");
		const ended = !end.ok ? end.message : end.reason === "stop" ? null : `the turn ended by ${end.reason}`;
		const reason = (await task.check(finished(folder, replies.at(-1)?.content ?? ""))) ?? ended;
		return {
			name: task.name,
			ok: reason === null,
			reason,
			steps: replies.length,
			toolCalls: session.durable.filter(({ type }) => type === "tool.start").length,
			...end.usage,
			durationMs,
		};
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
