import type { PendingPermission, PermissionScope } from "@opta/contracts/schema/daemon-permission";
import type { Chat } from "./chat.ts";

/** Answers a question of any session. Where somebody else was first, that is said; where it was not taken, it stays. */
export async function answerQuestion(
	chat: Chat,
	permission: PendingPermission,
	answer: { readonly decision: "allow" | "deny"; readonly scope?: PermissionScope; readonly text?: string },
): Promise<void> {
	const client = chat.client();
	if (client === null) {
		chat.note("The daemon is not there yet. Try again in a moment.");
		return;
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
		return;
	}
	if (!result.ok) {
		chat.note(`“${permission.title}” was already answered. ${result.error.message}`);
	}
	chat.store.update((state) => ({ ...state, waiting: state.waiting.filter((entry) => entry.id !== permission.id) }));
}
