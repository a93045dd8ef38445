import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import { applyEvent, type Entry, emptySessionView, type SessionView } from "./session-view.ts";
import { runsWith } from "./tool-run.ts";

/**
 * The view of a session that was fetched whole. With its events from the beginning it is the view of those who watched all
 * along; without them (imported, too long) what only events tell is missing: titles of calls, diffs, how turns ended.
 */
export function viewFromSnapshot(snapshot: SessionSnapshot, history: readonly StreamEvent[]): SessionView {
	const { messages, permissions, todos, turns, compaction, lastEventId, ...info } = snapshot;
	const lastSeq = Number(lastEventId.split(":").at(-1));
	const past = history.filter((event) => "seq" in event && event.seq <= lastSeq);
	const watched = past.reduce(applyEvent, emptySessionView);
	const ids = watched.entries.flatMap((entry) => (entry.kind === "message" ? [entry.message.id] : []));
	const whole = ids.length === messages.length && messages.every((message, index) => message.id === ids[index]);
	const entries = whole
		? watched.entries
		: messages.flatMap((message): Entry[] => [
				...(compaction !== null && compaction.beforeMessageId === message.id ? [{ kind: "compacted" as const, at: compaction.at }] : []),
				{ kind: "message", message },
			]);
	const runs = messages.reduce(runsWith, watched.runs);
	const open = new Set(turns.map((turn) => turn.turnId));
	return {
		...watched,
		info,
		entries,
		runs: Object.fromEntries(
			Object.entries(runs).map(([callId, run]) => [
				callId,
				run.state === "running" && !open.has(run.turnId) ? { ...run, state: "stopped" as const } : run,
			]),
		),
		permissions,
		todos,
		turns,
		lastSeq,
	};
}
