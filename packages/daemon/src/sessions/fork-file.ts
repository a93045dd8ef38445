import type { SessionFile } from "@opta/contracts/schema/daemon-session";

/** What a fork is made of: the conversation up to and with a message (everything without one), as a session of its own. Null when there is no such message. */
export function forkFile(
	file: Readonly<SessionFile>,
	{ sessionId, messageId, title, at }: { sessionId: string; messageId?: string; title?: string; at: string },
): SessionFile | null {
	const last = messageId === undefined ? file.messages.length - 1 : file.messages.findIndex(({ id }) => id === messageId);
	if (messageId !== undefined && last === -1) {
		return null;
	}
	const messages = file.messages.slice(0, last + 1);
	const { compaction } = file;
	return {
		id: sessionId,
		title: title ?? `${file.title} (fork)`,
		messages,
		permissions: [],
		todos: file.todos,
		compaction: messages.some(({ id }) => id === compaction?.beforeMessageId) ? compaction : null,
		metadata: {
			...file.metadata,
			createdAt: at,
			updatedAt: at,
			named: title !== undefined || file.metadata.named,
			parent: { sessionId: file.id, messageId: messages.at(-1)?.id ?? null },
			trashedAt: null,
			usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
		},
	};
}
