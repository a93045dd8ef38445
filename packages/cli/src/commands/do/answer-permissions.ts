import type { PendingPermission, PermissionScope } from "@opta/contracts/schema/daemon-permission";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { sendAnswer } from "../../daemon/send-answer.ts";
import type { Output } from "../../terminal/output.ts";
import { type AllowRule, isAllowed } from "./allow-rules.ts";

/** What a person may answer; null: nobody is there. */
export type AskPerson = (question: string, signal: AbortSignal) => Promise<string>;

/** How pending permissions of a task are answered. */
export interface PermissionAnswering {
	readonly client: DaemonClient;
	readonly output: Output;
	readonly rules: readonly AllowRule[];
	/** Null without a terminal. */
	readonly ask: AskPerson | null;
	/** Another client will answer. */
	readonly leaveToOthers: boolean;
}

const scopesByLetter: Readonly<Record<string, PermissionScope>> = { y: "once", yes: "once", s: "session", p: "project" };

async function askAboutTool(permission: PendingPermission, ask: AskPerson, signal: AbortSignal): Promise<PermissionScope | null> {
	const more = permission.scopes
		.filter((scope) => scope !== "once")
		.map((scope) => (scope === "session" ? ", [s]ession" : ", [p]roject"))
		.join("");
	const detail = permission.detail === undefined ? "" : `${permission.detail}\n`;
	const answer = await ask(`${detail}${permission.title}: allow? [y]es${more}, [n]o `, signal);
	const scope = scopesByLetter[answer.trim().toLowerCase()];
	return scope !== undefined && permission.scopes.includes(scope) ? scope : null;
}

/**
 * Answers one pending permission: by the rules of the command line, by the person at the terminal, else with no.
 * @throws {CommandFailure} when the daemon did not take the answer.
 */
export async function answerPermission(permission: PendingPermission, how: PermissionAnswering, signal: AbortSignal): Promise<void> {
	const { client, output, rules, ask, leaveToOthers } = how;
	const base = { permissionId: permission.id };
	if (isAllowed(rules, permission)) {
		await sendAnswer(client, { ...base, decision: "allow", scope: "once" });
		return;
	}
	if (leaveToOthers) {
		output.note(`waiting for somebody to answer: ${permission.title}`);
		return;
	}
	if (ask === null) {
		await sendAnswer(client, { ...base, decision: "deny" });
		return;
	}
	if (permission.kind === "question") {
		const choices = permission.choices === undefined ? "" : ` (${permission.choices.join(" / ")})`;
		const answer = await ask(`${permission.title}${choices} `, signal);
		await sendAnswer(client, { ...base, decision: "allow", answer });
		return;
	}
	const scope = await askAboutTool(permission, ask, signal);
	await sendAnswer(client, scope === null ? { ...base, decision: "deny" } : { ...base, decision: "allow", scope });
}
