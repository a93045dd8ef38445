import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { ReadBuffer, serializeMessage } from "@modelcontextprotocol/sdk/shared/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { ChildSlot } from "../../children/children.ts";
import { OutputLog } from "../shell/output-log.ts";

/** How to start a server. */
export interface ServerProgram {
	readonly command: string;
	readonly args: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	readonly folder: string;
}

const keptOfErrors = 4096;

/**
 * The standard input and output of a program (MCP's stdio transport), which leads a group of its own. Closing ends its whole
 * tree, not only the program, because wrappers like npx start the real server behind them.
 */
export class ProcessTransport implements Transport {
	onclose?: () => void;
	onerror?: (error: Error) => void;
	onmessage?: (message: JSONRPCMessage) => void;

	/** The beginning and end of what it wrote to its standard error. */
	readonly errors = new OutputLog(keptOfErrors, keptOfErrors);
	private child: ChildProcessWithoutNullStreams | null = null;
	private readonly buffer = new ReadBuffer();
	private readonly program: ServerProgram;
	private readonly slot: ChildSlot;

	constructor(program: ServerProgram, slot: ChildSlot) {
		this.program = program;
		this.slot = slot;
	}

	async start(): Promise<void> {
		const child = spawn(this.program.command, [...this.program.args], {
			cwd: this.program.folder,
			env: { ...this.program.environment, ...this.slot.environment },
			detached: process.platform !== "win32",
			windowsHide: true,
		});
		this.child = child;
		child.stdin.on("error", (error) => this.onerror?.(error));
		child.stdout.on("data", (bytes: Buffer) => this.read(bytes));
		child.stderr.setEncoding("utf8").on("data", (text: string) => this.errors.add(text));
		// Others of its tree may hold its pipes open; when those are gone, all that it said was read.
		child.once("exit", () => void this.slot.end(0));
		child.once("close", () => void this.close());
		try {
			await once(child, "spawn");
		} catch (error) {
			await this.slot.end(0);
			throw error;
		}
		child.on("error", (error) => this.onerror?.(error));
		this.slot.started(child.pid ?? 0);
	}

	async send(message: JSONRPCMessage): Promise<void> {
		if (this.child === null || !this.child.stdin.writable) {
			throw new Error("The server has ended.");
		}
		if (!this.child.stdin.write(serializeMessage(message))) {
			await Promise.race([once(this.child.stdin, "drain"), once(this.child, "exit")]);
		}
	}

	async close(): Promise<void> {
		const { child } = this;
		this.child = null;
		if (child !== null) {
			this.onclose?.();
			child.stdin.end();
		}
		await this.slot.end();
	}

	private read(bytes: Buffer): void {
		try {
			this.buffer.append(bytes);
			for (let message = this.buffer.readMessage(); message !== null; message = this.buffer.readMessage()) {
				this.onmessage?.(message);
			}
		} catch (error) {
			this.onerror?.(error instanceof Error ? error : new Error(String(error)));
		}
	}
}
