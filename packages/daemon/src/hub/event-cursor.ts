/** A place in a session's stream: after the event with this number. */
export interface EventCursor {
	readonly epoch: string;
	readonly seq: number;
}

/** What a client may give as a cursor: `start` is before the first event. */
export type ParsedCursor = EventCursor | "start" | "malformed";

/** The id of an event, and the cursor after it: `<epoch>:<seq>`. */
export function formatCursor(epoch: string, seq: number): string {
	return `${epoch}:${seq}`;
}

/** Reads a cursor strictly; anything but `0` and `<epoch>:<digits>` is malformed. */
export function parseCursor(text: string): ParsedCursor {
	if (text === "0") {
		return "start";
	}
	const [, epoch, digits] = /^([A-Za-z0-9-]{1,64}):(\d{1,15})$/.exec(text) ?? [];
	return epoch === undefined || digits === undefined ? "malformed" : { epoch, seq: Number(digits) };
}
