import type { RewindResult } from "@opta/contracts/schema/daemon-session";
import type { Checkpoints } from "../checkpoints/checkpoints.ts";
import type { LiveSession } from "./live-session.ts";
import { done, failed, type Outcome } from "./outcome.ts";
import { sessionInfo } from "./session-state.ts";

/** Goes back to before a user message was sent: in the conversation, in files, or in both. Files first: a failure there changes nothing. */
export function rewindSession(
	live: LiveSession,
	checkpoints: Pick<Checkpoints, "restore">,
	{ messageId, what = "both" }: { messageId: string; what?: "conversation" | "files" | "both" },
	clientId: string,
): Promise<Outcome<RewindResult>> {
	return live.turns.exclusive(async () => {
		const { messages } = live.state.file;
		const index = messages.findIndex(({ id, role }) => id === messageId && role === "user");
		const turnId = messages[index]?.turnId;
		if (index === -1) {
			return failed("not_found", "There is no such message of yours in this session. Read it again.");
		}
		const files =
			what === "conversation" || turnId === undefined ? { restoredFiles: [], skipped: [] } : await checkpoints.restore(live.id, turnId);
		const result = { restoredFiles: [...files.restoredFiles], skipped: [...files.skipped] };
		if (what === "files") {
			return done({ ...result, removedMessages: 0 });
		}
		const stored = await live.journal.commit(({ state }) => {
			const kept = new Set(state.file.messages.slice(0, index).map(({ id }) => id));
			const { compaction } = state.file;
			const data = {
				session: sessionInfo(state),
				messages: "rewound" as const,
				fromMessageId: messageId,
				compaction: compaction !== null && kept.has(compaction.beforeMessageId) ? compaction : null,
			};
			return done([{ event: { type: "session.updated", data }, clientId }]);
		});
		return stored.ok ? done({ ...result, removedMessages: messages.length - index }) : stored;
	});
}
