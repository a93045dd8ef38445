import type { ChildKind, Children } from "../../children/children.ts";
import { tooManyChildren } from "../../children/children.ts";
import type { OptaPlatform } from "../../platform/opta-home.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { commandEnvironment } from "./command-environment.ts";
import { shellCommand } from "./find-shell.ts";
import { OutputLog } from "./output-log.ts";
import { type ProcessEnd, startProcess } from "./start-process.ts";
import { TerminalCodeStripper } from "./strip-terminal-codes.ts";

/** Something that may be written before it is ended: nobody reads that much. */
const maxWrittenBytes = 64 * 1024 * 1024;

/** Where commands run and what they are given. */
export interface ShellSetting {
	readonly children: Children;
	readonly sandbox: Sandbox;
	readonly platform: OptaPlatform;
	/** Folder of a session for temporary files; made when first asked for. */
	readonly tmp: (sessionId: string) => Promise<string>;
}

/** A line of shell to run. */
export interface ShellLine {
	readonly line: string;
	readonly kind: ChildKind;
	readonly sessionId: string;
	readonly workspace: string;
	readonly folder: string;
	readonly environment: Readonly<Record<string, string>>;
	readonly terminal: boolean;
	readonly network: boolean;
	readonly input: string;
	/** Characters of output to keep: of the beginning and of the end. */
	readonly keep: { readonly head: number; readonly tail: number };
	/** Called with output as it comes, codes of terminals taken out. */
	readonly onOutput: (text: string) => void;
}

/** A line of shell that runs. */
export interface RunningLine {
	readonly output: OutputLog;
	/** When it and everything that it started is gone and all output was kept. */
	readonly ended: Promise<ProcessEnd & { readonly flooded: boolean }>;
	/** Ends its whole tree. */
	readonly end: (graceMs?: number) => Promise<void>;
}

/** Starts a line of shell in the sandbox. Rejects with a message for the model where it cannot be started. */
export async function runInShell(setting: ShellSetting, line: ShellLine): Promise<RunningLine> {
	const slot = setting.children.reserve({ kind: line.kind, name: line.line.slice(0, 200), sessionId: line.sessionId });
	if (slot === null) {
		throw new Error(tooManyChildren(setting.children.limit));
	}
	const output = new OutputLog(line.keep.head, line.keep.tail);
	const decoder = new TextDecoder();
	const stripper = new TerminalCodeStripper();
	let writtenBytes = 0;
	let flooded = false;
	const add = (text: string) => {
		if (text !== "") {
			output.add(text);
			line.onOutput(text);
		}
	};
	try {
		const policy = { workspace: line.workspace, tmp: await setting.tmp(line.sessionId), network: line.network };
		const command = await setting.sandbox.wrap(shellCommand(line.line, setting.platform), policy);
		const started = await startProcess({
			command,
			folder: line.folder,
			environment: commandEnvironment(line.environment, line.terminal, command.environment, slot.environment),
			terminal: line.terminal,
			input: line.input,
			onOutput: (bytes) => {
				writtenBytes += bytes.length;
				if (writtenBytes > maxWrittenBytes) {
					if (!flooded) {
						flooded = true;
						void slot.end(0);
					}
					return;
				}
				add(stripper.push(decoder.decode(bytes, { stream: true })));
			},
		});
		slot.started(started.pid);
		const finish = async () => {
			const end = await started.exited;
			await slot.end(0);
			await started.drained;
			add(stripper.push(decoder.decode()) + stripper.end());
			return { ...end, flooded };
		};
		return { output, ended: finish(), end: slot.end };
	} catch (error) {
		await slot.end(0);
		throw error;
	}
}
