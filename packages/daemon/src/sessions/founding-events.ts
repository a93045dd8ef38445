import type { SessionFile } from "@opta/contracts/schema/daemon-session";
import { v7 as newId } from "uuid";
import { answerCalls, openCalls } from "../turns/open-calls.ts";
import type { DraftEvent } from "./session-journal.ts";
import type { StoredTurn } from "./session-state.ts";

/** Turn that messages without one are said to be of. */
const foreignTurnId = "imported";

/**
 * The events that make a session out of what is known of it: for new ones, forks, imports, migrations and logs that are made
 * anew. Calls without an answer get one; turns that wait in the queue stay there.
 */
export function foundingEvents(file: Readonly<SessionFile>, queued: readonly StoredTurn[], at: string): DraftEvent[] {
	const session = { id: file.id, title: file.title, metadata: file.metadata };
	const last = file.messages.at(-1);
	const drafts: DraftEvent[] = [{ event: { type: "session.updated", data: { session } } }];
	for (const message of file.messages) {
		drafts.push({ event: { type: "turn.message", data: { turnId: message.turnId ?? foreignTurnId, message } } });
	}
	drafts.push(...answerCalls(openCalls(file.messages), last?.turnId ?? foreignTurnId, "Cut off before it had a result.", at, newId));
	if (file.todos.length > 0 || file.compaction !== null) {
		drafts.push({ event: { type: "session.updated", data: { session, todos: file.todos, compaction: file.compaction } } });
	}
	for (const { mode, begun: _begun, ...turn } of queued) {
		const open = { ...turn, state: "queued" as const, position: 1 };
		drafts.push({ event: { type: "turn.queued", data: { turnId: turn.turnId, turn: open, mode } } });
	}
	return drafts;
}
