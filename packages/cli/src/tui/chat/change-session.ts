import type { UpdateSession } from "@opta/contracts/schema/daemon-session";
import type { Chat } from "./chat.ts";

/** Shown where something needs the daemon and there is none. */
export const noDaemonYet = "The daemon is not there yet. Try again in a moment.";

/**
 * Changes the session at the daemon; true where it is changed, or is yet to begin and will begin so. What goes wrong is
 * said under `failure`.
 */
export async function changeSession(chat: Chat, change: UpdateSession, failure: string): Promise<boolean> {
	const { sessionId } = chat.store.get();
	if (sessionId === null) {
		return true;
	}
	const client = chat.client();
	if (client === null) {
		chat.note(`${failure}. ${noDaemonYet}`);
		return false;
	}
	const changed = await client.updateSession(sessionId, change);
	if (!changed.ok) {
		chat.problem(failure, changed.error);
	}
	return changed.ok;
}
