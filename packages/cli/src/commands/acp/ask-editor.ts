import { type AgentContext, methods, type PermissionOption } from "@agentclientprotocol/sdk";
import type { PendingPermission, PermissionScope } from "@opta/contracts/schema/daemon-permission";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { sendAnswer } from "../../daemon/send-answer.ts";

const scopeOptions: Readonly<Record<PermissionScope, PermissionOption>> = {
	once: { optionId: "once", name: "Allow", kind: "allow_once" },
	session: { optionId: "session", name: "Allow for this session", kind: "allow_always" },
	project: { optionId: "project", name: "Allow for this project", kind: "allow_always" },
};
const answerOption = "answer:";
const deny: PermissionOption = { optionId: "deny", name: "Do not allow", kind: "reject_once" };

function optionsOf({ kind, scopes, choices }: PendingPermission): PermissionOption[] {
	if (kind === "question") {
		const answers = (choices ?? []).map(
			(name, index): PermissionOption => ({ optionId: `${answerOption}${index}`, name, kind: "allow_once" }),
		);
		return [...answers, { ...deny, name: "Do not answer" }];
	}
	return [...scopes.map((scope) => scopeOptions[scope]), deny];
}

/**
 * Asks the person at the editor and answers the daemon. When another client was faster the signal takes the question back, and
 * the answer is left alone.
 */
export async function askEditor(
	editor: AgentContext,
	client: DaemonClient,
	permission: PendingPermission,
	signal: AbortSignal,
): Promise<void> {
	const { id, sessionId, callId, title, detail, choices } = permission;
	const { outcome } = await editor.request(
		methods.client.session.requestPermission,
		{
			sessionId,
			toolCall: {
				toolCallId: callId,
				title,
				...(detail === undefined ? {} : { content: [{ type: "content", content: { type: "text", text: detail } }] }),
			},
			options: optionsOf(permission),
		},
		{ cancellationSignal: signal },
	);
	if (signal.aborted || outcome.outcome === "cancelled") {
		return;
	}
	const { optionId } = outcome;
	if (optionId.startsWith(answerOption)) {
		const answer = choices?.[Number(optionId.slice(answerOption.length))] ?? "";
		await sendAnswer(client, { permissionId: id, decision: "allow", answer });
	} else if (optionId in scopeOptions) {
		await sendAnswer(client, { permissionId: id, decision: "allow", scope: optionId as PermissionScope });
	} else {
		await sendAnswer(client, { permissionId: id, decision: "deny" });
	}
}
