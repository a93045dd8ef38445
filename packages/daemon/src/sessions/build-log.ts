import { randomBytes } from "node:crypto";
import type { SessionEvent } from "@opta/contracts/schema/daemon-events";
import { formatCursor } from "../hub/event-cursor.ts";
import { applyEvent } from "./apply-event.ts";
import { eventLine, headerLine } from "./log-format.ts";
import type { DraftEvent } from "./session-journal.ts";
import { emptyState, type SessionState } from "./session-state.ts";

/** A log that is not written yet, and the session that it tells. */
export interface BuiltLog {
	readonly text: string;
	readonly state: SessionState;
}

/** Makes a whole log, with an epoch of its own. */
export function buildLog(sessionId: string, drafts: readonly DraftEvent[], at: string): BuiltLog {
	const epoch = randomBytes(6).toString("hex");
	const events = drafts.map(({ event, clientId }, index): SessionEvent => {
		const seq = index + 1;
		return { v: 1, seq, id: formatCursor(epoch, seq), sessionId, at, ...(clientId === undefined ? {} : { clientId }), ...event };
	});
	return {
		text: headerLine({ sessionId, epoch, createdAt: at }) + events.map(eventLine).join(""),
		state: events.reduce(applyEvent, emptyState(sessionId, epoch, at)),
	};
}
