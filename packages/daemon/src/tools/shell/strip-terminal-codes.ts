type State = "text" | "escape" | "intermediate" | "control" | "string" | "string_escape";

/**
 * Takes what steers a terminal (ECMA-48: escape and control sequences, command strings) out of a stream of text, however
 * it is cut into pieces. Tabs, line feeds and carriage returns stay; `\r\n` becomes `\n`.
 */
export class TerminalCodeStripper {
	private state: State = "text";
	private heldReturn = false;

	/** The next piece, stripped. A carriage return at its end is kept back until what follows is known. */
	push(text: string): string {
		let out = "";
		for (const character of text) {
			out += this.next(character, character.codePointAt(0) ?? 0);
		}
		return out;
	}

	/** What was kept back. */
	end(): string {
		const rest = this.heldReturn ? "\r" : "";
		this.heldReturn = false;
		return rest;
	}

	private next(character: string, code: number): string {
		switch (this.state) {
			case "text":
				return this.inText(character, code);
			case "escape":
				this.state =
					code === 0x5b ? "control" : "]PX^_".includes(character) ? "string" : code >= 0x20 && code <= 0x2f ? "intermediate" : "text";
				return "";
			case "intermediate":
				this.state = code >= 0x20 && code <= 0x2f ? "intermediate" : "text";
				return "";
			case "control":
				this.state = code === 0x1b ? "escape" : code >= 0x40 && code <= 0x7e ? "text" : "control";
				return "";
			case "string":
				this.state = code === 0x1b ? "string_escape" : code === 0x07 || code === 0x9c || code === 0x18 || code === 0x0a ? "text" : "string";
				return "";
			case "string_escape":
				this.state = code === 0x5c ? "text" : "string";
				return "";
		}
	}

	private inText(character: string, code: number): string {
		if (code === 0x1b || (code >= 0x80 && code <= 0x9f)) {
			this.state = code === 0x1b ? "escape" : code === 0x9b ? "control" : [0x90, 0x98, 0x9d, 0x9e, 0x9f].includes(code) ? "string" : "text";
			return "";
		}
		const before = this.heldReturn && code !== 0x0a ? "\r" : "";
		this.heldReturn = code === 0x0d;
		if (code === 0x0d || (code < 0x20 && code !== 0x09 && code !== 0x0a) || code === 0x7f) {
			return before;
		}
		return before + character;
	}
}

/** Lines as they stand in the end: of a line that was written over (progress bars) only the last state. */
export function settleLines(text: string): string {
	return text
		.split("\n")
		.map((line) => (line.includes("\r") ? (line.split("\r").findLast((part) => part !== "") ?? "") : line))
		.join("\n");
}
