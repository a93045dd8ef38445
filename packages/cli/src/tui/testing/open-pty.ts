import { fileURLToPath } from "node:url";
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";

/** The program on a real terminal device, as a person would have it. */
export interface PtyProgram {
	readonly pty: IPty;
	readonly type: (text: string) => void;
	readonly resize: (columns: number, rows: number) => void;
	/** What is on the screen now. */
	readonly screen: () => Promise<string>;
	/** With what has scrolled away. */
	readonly everything: () => Promise<string>;
	readonly isAlternate: () => boolean;
	/** All bytes so far. */
	readonly written: () => string;
	readonly ended: Promise<{ readonly exitCode: number; readonly signal?: number | undefined }>;
}

const program = fileURLToPath(new URL("../../main.ts", import.meta.url));

/** Starts `opta` with these arguments on a terminal of 100×30. */
export function openPty(args: readonly string[], folder: string, environment: Readonly<Record<string, string>>): PtyProgram {
	const size = { cols: 100, rows: 30 };
	const terminal = new xterm.Terminal({ ...size, scrollback: 5000, allowProposedApi: true });
	const pty = spawn(process.execPath, [program, ...args], { ...size, cwd: folder, env: { ...environment }, name: "xterm-256color" });
	const ended = Promise.withResolvers<{ exitCode: number; signal?: number | undefined }>();
	let written = "";
	pty.onData((data) => {
		written += data;
		terminal.write(data);
	});
	pty.onExit(ended.resolve);
	const read = async (from: "screen" | "all"): Promise<string> => {
		await new Promise<void>((resolve) => terminal.write("", resolve));
		const { active } = terminal.buffer;
		const first = from === "all" ? 0 : active.baseY;
		const lines = Array.from(
			{ length: active.baseY + terminal.rows - first },
			(_, row) => active.getLine(first + row)?.translateToString(true) ?? "",
		);
		return lines.join("\n");
	};
	return {
		pty,
		type: (text) => pty.write(text),
		resize: (columns, rows) => {
			terminal.resize(columns, rows);
			pty.resize(columns, rows);
		},
		screen: () => read("screen"),
		everything: () => read("all"),
		isAlternate: () => terminal.buffer.active.type === "alternate",
		written: () => written,
		ended: ended.promise,
	};
}
