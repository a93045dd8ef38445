import type { StreamEvent } from "@opta/contracts/schema/daemon-events";

/** How long the model has been writing in the turn that is watched. */
export interface SpeedMeter {
	readonly turnId: string | null;
	readonly messageId: string | null;
	readonly pieces: number;
	readonly lastMs: number;
	/** Time between first and last piece of each message, summed. */
	readonly writingMs: number;
}

/** Nothing measured. */
export const idleMeter: SpeedMeter = { turnId: null, messageId: null, pieces: 0, lastMs: 0, writingMs: 0 };

/** Takes in an event that arrived at `nowMs`. */
export function measure(meter: SpeedMeter, event: StreamEvent, nowMs: number): SpeedMeter {
	if (event.type !== "turn.token") {
		return meter;
	}
	const { turnId, messageId } = event.data;
	const known = meter.turnId === turnId ? meter : idleMeter;
	const goesOn = known.messageId === messageId;
	return {
		turnId,
		messageId,
		pieces: known.pieces + 1,
		lastMs: nowMs,
		writingMs: known.writingMs + (goesOn ? nowMs - known.lastMs : 0),
	};
}

/** Tokens per second of a turn that has ended; null where too little of it was seen. */
export function speedOf(meter: SpeedMeter, turnId: string, completionTokens: number): number | null {
	return meter.turnId === turnId && meter.pieces >= 8 && meter.writingMs >= 200 ? (completionTokens / meter.writingMs) * 1000 : null;
}
