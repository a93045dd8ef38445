import { redactLine } from "@opta/contracts/redact-line";
import { type Logger, pino, stdTimeFunctions } from "pino";
import type { RotatingFile } from "./rotating-file.ts";

/** The daemon's log: JSON lines without secrets. */
export function createLogger(file: RotatingFile, level: "debug" | "info" | "warn" | "error" = "info"): Logger {
	return pino(
		{ name: "daemon", level, timestamp: stdTimeFunctions.isoTime, hooks: { streamWrite: redactLine } },
		{ write: (line) => file.write(line) },
	);
}
