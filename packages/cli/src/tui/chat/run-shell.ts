import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { outputTailLength, type ToolRun } from "@opta/host-client/session/tool-run";
import { attach } from "../editor/paste.ts";
import { plainText } from "../text/plain-text.ts";
import { countText } from "../text/quantity.ts";
import type { Chat } from "./chat.ts";

const longestOutput = 256 * 1024;

/**
 * Runs a command of the person's own in the session's folder, as a child of this terminal: it asks no permission, for the
 * person typed it. Its output is shown, and put into the editor as an attachment that can be sent or erased.
 */
export async function runShell(chat: Chat, command: string): Promise<void> {
	const { store, place } = chat;
	const id = randomUUID();
	const started = place.nowMs();
	const stopping = new AbortController();
	chat.shells.add(stopping);
	let output = "";
	const showRun = (state: ToolRun["state"], exit: string): void => {
		const run: ToolRun = {
			callId: id,
			turnId: "",
			name: "run_command",
			title: `! ${command}${exit}`,
			arguments: {},
			state,
			tail: output.slice(-outputTailLength),
			written: output.length,
			output: state === "running" ? null : output,
			truncated: output.length >= longestOutput,
			diff: null,
			durationMs: state === "running" ? null : place.nowMs() - started,
		};
		chat.show({ kind: "tool", id: `shell:${id}`, settled: state !== "running", run, decision: null });
	};
	showRun("running", "");
	const ended = await spawnShell(chat, command, AbortSignal.any([stopping.signal, chat.signal]), (text) => {
		output = (output + text).slice(0, longestOutput);
		showRun("running", "");
	});
	chat.shells.delete(stopping);
	if (ended.problem !== null) {
		output += ended.problem;
	}
	showRun(stopping.signal.aborted ? "stopped" : ended.code === 0 ? "ok" : "failed", ended.code ? ` · exit ${ended.code}` : "");
	const text = plainText(output).trimEnd();
	if (text !== "") {
		const name = `Output of ${command.slice(0, 60)}, ${countText(text.split("\n").length, "line")}`;
		store.update((state) => ({ ...state, editor: attach(state.editor, { kind: "text", name, content: `$ ${command}\n${text}\n` }) }));
	}
}

interface ShellEnd {
	readonly code: number | null;
	readonly problem: string | null;
}

function spawnShell({ store, place }: Chat, command: string, signal: AbortSignal, onText: (text: string) => void): Promise<ShellEnd> {
	const { promise, resolve } = Promise.withResolvers<ShellEnd>();
	const windows = process.platform === "win32";
	const cwd = store.get().view.info?.metadata.workspace ?? store.get().workspace;
	const child = spawn(command, {
		cwd,
		env: place.sessionEnvironment,
		shell: windows ? true : (place.sessionEnvironment.SHELL ?? "/bin/sh"),
		stdio: ["ignore", "pipe", "pipe"],
		// A group of its own, so that everything it starts can be ended with it.
		detached: !windows,
	});
	const stop = (): void => {
		if (child.pid !== undefined && child.exitCode === null) {
			process.kill(windows ? child.pid : -child.pid, "SIGTERM");
		}
	};
	signal.addEventListener("abort", stop, { once: true });
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", onText);
	}
	child.on("error", (error) => resolve({ code: null, problem: `The command could not be started: ${error.message}` }));
	child.on("close", (code) => {
		signal.removeEventListener("abort", stop);
		resolve({ code, problem: null });
	});
	return promise;
}
