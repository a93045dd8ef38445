import type { PendingPermission, PermissionScope } from "@opta/contracts/schema/daemon-permission";
import type { Chat } from "./chat.ts";

/** Answers a question of any session. Where somebody else was first, that is said. */
export async function answerQuestion(
	chat: Chat,
	permission: PendingPermission,
	answer: { readonly decision: "allow" | "deny"; readonly scope?: PermissionScope; readonly text?: string },
): Promise<void> {
	const client = chat.client();
	if (client === null) {
		return;
	}
	const { decision, scope = "once", text } = answer;
	const result = await client.answerPermission({
		permissionId: permission.id,
		decision,
		scope,
		...(text === undefined ? {} : { answer: text }),
	});
	if (!result.ok && result.error.code === "conflict") {
		chat.note(`“${permission.title}” was already answered. ${result.error.message}`);
	} else if (!result.ok) {
		chat.problem("Not answered", result.error);
	}
	chat.store.update((state) => ({ ...state, waiting: state.waiting.filter((entry) => entry.id !== permission.id) }));
}
