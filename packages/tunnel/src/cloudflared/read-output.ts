import { redactLine } from "@opta/contracts/redact-line";

/** A line of cloudflared as it goes to the log. */
export interface CloudflaredLine {
	readonly level: "debug" | "info" | "warn";
	readonly text: string;
}

/** Time, level, words: as cloudflared writes to stderr. */
const entry = /^\d{4}-\d{2}-\d{2}T\S+ (DBG|INF|WRN|ERR|FTL) (.*)$/;
const levels = { DBG: "debug", INF: "info", WRN: "warn", ERR: "warn", FTL: "warn" } as const;
/** Tokens of tunnels are JSON in base64, which begins like this. */
const tokenText = /\beyJ[\w+/=-]{20,}/g;

/** Reads a line of cloudflared's output for the log, without secrets. */
export function readOutput(line: string): CloudflaredLine {
	const [, level, words] = entry.exec(line) ?? [];
	const text = redactLine(words ?? line).replace(tokenText, "[redacted]");
	return { level: level === undefined ? "info" : levels[level as keyof typeof levels], text };
}
