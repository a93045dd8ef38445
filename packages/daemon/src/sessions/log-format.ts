import { type SessionEvent, sessionEventSchema } from "@opta/contracts/schema/daemon-events";
import { parseJson } from "@opta/host-client/host-error";
import { z } from "zod";

/** First line of `<id>.jsonl`. A new epoch says that the log was made anew, so that cursors into the old one are of no use. */
export const logHeaderSchema = z.object({
	kind: z.literal("opta-session-log"),
	format: z.literal(1),
	sessionId: z.string(),
	epoch: z.string(),
	createdAt: z.iso.datetime(),
});

/** First line of a log. */
export type LogHeader = z.infer<typeof logHeaderSchema>;

/** Writes the first line. */
export function headerLine(header: Omit<LogHeader, "kind" | "format">): string {
	return `${JSON.stringify({ kind: "opta-session-log", format: 1, ...header } satisfies LogHeader)}\n`;
}

/** Writes an event's line. `v` and `seq` come first, so that readers can skip lines without parsing them. */
export function eventLine(event: SessionEvent): string {
	const { v, seq, ...rest } = event;
	return `${JSON.stringify({ v, seq, ...rest })}\n`;
}

/** The number of an event's line without parsing it; undefined where it does not begin like one. */
export function lineSeq(line: string): number | undefined {
	const digits = /^\{"v":1,"seq":(\d{1,15}),/.exec(line)?.[1];
	return digits === undefined ? undefined : Number(digits);
}

/** Parses the first line; undefined when it is none of this version. */
export function parseHeader(line: string): LogHeader | undefined {
	return logHeaderSchema.safeParse(parseJson(line)).data;
}

/** Parses an event's line; undefined when it is torn or damaged. */
export function parseEventLine(line: string): SessionEvent | undefined {
	return sessionEventSchema.safeParse(parseJson(line)).data;
}

/** True for the first line of a log that a newer daemon wrote: it is left alone. */
export function isNewerHeader(line: string): boolean {
	const parsed = z.object({ kind: z.literal("opta-session-log"), format: z.int().min(2) }).safeParse(parseJson(line));
	return parsed.success;
}
