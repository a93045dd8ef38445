/** Where a process wrote a line. */
export type OutputStream = "stdout" | "stderr";

/** Makes one JSON line of what a process wrote: its own JSON stays as it is, plain text is wrapped in pino's shape. */
export function toLogLine(name: string, stream: OutputStream, line: string, time: Date): string {
	if (line.startsWith("{") && line.endsWith("}")) {
		return line;
	}
	return JSON.stringify({ level: stream === "stderr" ? 50 : 30, time: time.toISOString(), name, msg: line });
}

/** The sentence of a line that a person must see: plain text on stderr, or the message of a JSON line of level error or fatal. */
export function errorSentence(stream: OutputStream, line: string): string | null {
	if (!line.startsWith("{")) {
		return stream === "stderr" ? line : null;
	}
	try {
		const entry: unknown = JSON.parse(line);
		if (typeof entry === "object" && entry !== null && "level" in entry && "msg" in entry && Number(entry.level) >= 50) {
			return String(entry.msg);
		}
		return null;
	} catch {
		return stream === "stderr" ? line : null;
	}
}

const noise = [/^\s/, /^Node\.js v\d/, /^}?$/, /^\(node:\d+\) /, /^\(Use `node --/];

/** The last line of a process's stderr that says something: frames of a stack and Node's own warnings and closing line do not. */
export function lastSentence(lines: readonly string[]): string | null {
	const line = lines.findLast((candidate) => !noise.some((pattern) => pattern.test(candidate)));
	return line === undefined ? null : (errorSentence("stderr", line) ?? line).trim();
}
