import { PassThrough } from "node:stream";
import xterm from "@xterm/headless";

/** A terminal in memory that understands what real ones do: what is on its screen, and every byte that was written to it. */
export class VirtualTerminal {
	readonly frames: string[] = [];
	readonly stdout: NodeJS.WriteStream;
	readonly stdin: NodeJS.ReadStream;
	readonly #terminal: InstanceType<typeof xterm.Terminal>;
	readonly #output: PassThrough & { columns: number; rows: number; isTTY: boolean };
	readonly #input = Object.assign(new PassThrough(), {
		isTTY: true,
		setRawMode: () => undefined,
		ref: () => undefined,
		unref: () => undefined,
	});

	constructor(columns: number, rows: number) {
		this.#terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 20_000, allowProposedApi: true, convertEol: true });
		this.#output = Object.assign(new PassThrough(), { columns, rows, isTTY: true });
		this.#output.on("data", (chunk: Buffer) => {
			this.frames.push(chunk.toString("utf8"));
			this.#terminal.write(chunk);
		});
		this.stdout = this.#output as unknown as NodeJS.WriteStream;
		this.stdin = this.#input as unknown as NodeJS.ReadStream;
	}

	/** All bytes so far. */
	get written(): string {
		return this.frames.join("");
	}

	/** Types, as a keyboard sends it. */
	type(text: string): void {
		this.#input.write(text);
	}

	resize(columns: number, rows: number): void {
		Object.assign(this.#output, { columns, rows });
		this.#terminal.resize(columns, rows);
		this.#output.emit("resize");
	}

	/** Lines of the screen, or with what has scrolled away. */
	async lines(part: "screen" | "all" = "screen"): Promise<string[]> {
		await new Promise<void>((resolve) => this.#terminal.write("", resolve));
		const { active } = this.#terminal.buffer;
		const first = part === "all" ? 0 : active.baseY;
		const lines = Array.from({ length: active.baseY + this.#terminal.rows - first }, (_, row) => active.getLine(first + row));
		return lines.map((line) => line?.translateToString(true) ?? "");
	}

	/** The same as one text. */
	async text(part: "screen" | "all" = "screen"): Promise<string> {
		return (await this.lines(part)).join("\n");
	}

	/** Column and row of the cursor. */
	cursor(): { x: number; y: number } {
		const { active } = this.#terminal.buffer;
		return { x: active.cursorX, y: active.cursorY };
	}

	/** Whether the alternate screen is shown. */
	isAlternate(): boolean {
		return this.#terminal.buffer.active.type === "alternate";
	}
}
