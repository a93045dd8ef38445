import { redactLine } from "@opta/contracts/redact-line";
import { type DestinationStream, type Logger, multistream, pino, stdTimeFunctions } from "pino";
import type { LogBook } from "./log-book.ts";

/** How urgent an entry must be to be written to the output; the book takes everything from `debug` on. */
export type OutputLevel = "debug" | "info" | "warn" | "error";

/** The log of LMX: JSON lines to the output and into the book, without secrets. */
export function createLogger(level: OutputLevel, book: LogBook, output: DestinationStream): Logger {
	return pino(
		{ name: "lmx", level: "debug", timestamp: stdTimeFunctions.isoTime, hooks: { streamWrite: redactLine } },
		multistream([
			{ level, stream: output },
			{ level: "debug", stream: book },
		]),
	);
}
