import type { PendingPermission, PermissionScope } from "@opta/contracts/schema/daemon-permission";
import { noDaemonYet } from "./change-session.ts";
import type { Chat } from "./chat.ts";

/**
 * Answers a question of any session; true where the answer was taken. Where somebody else was first, that is said; where it
 * was not taken, the question stays.
 */
export async function answerQuestion(
	chat: Chat,
	permission: PendingPermission,
	answer: { readonly decision: "allow" | "deny"; readonly scope?: PermissionScope; readonly text?: string },
): Promise<boolean> {
	const client = chat.client();
	if (client === null) {
		chat.note(noDaemonYet);
		return false;
	}
	const { decision, scope = "once", text } = answer;
	const result = await client.answerPermission({
		permissionId: permission.id,
		decision,
		scope,
		...(text === undefined ? {} : { answer: text }),
	});
	if (!result.ok && result.error.code !== "conflict" && result.error.code !== "not_found") {
		chat.problem("Not answered", result.error);
		return false;
	}
	if (!result.ok) {
		chat.note(`“${permission.title}” was already answered. ${result.error.message}`);
	}
	chat.store.update((state) => ({ ...state, waiting: state.waiting.filter((entry) => entry.id !== permission.id) }));
	return result.ok;
}
