"use client";

import type { RemoteGrant } from "@opta/contracts/reach";
import type { PermissionAnswer } from "@opta/contracts/schema/daemon-permission";
import type { CreateTurn } from "@opta/contracts/schema/daemon-session";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostError, HostResult } from "@opta/host-client/host-error";
import { useRef, useState } from "react";

/** What was tried and did not succeed. */
export interface ActionProblem {
	readonly error: HostError;
	/** What the device would have to allow, if that is the reason. */
	readonly missing: RemoteGrant;
}

/** What a reader does in a session. */
export interface SessionActions {
	readonly sending: boolean;
	readonly answering: boolean;
	readonly problem: ActionProblem | null;
	readonly dismiss: () => void;
	/** True once the turn was taken. */
	readonly send: (content: string, mode: NonNullable<CreateTurn["mode"]>) => Promise<boolean>;
	/** One turn, or without one whatever runs and waits. */
	readonly cancel: (turnId?: string) => void;
	readonly answer: (answer: PermissionAnswer) => void;
	/** True once the session has the title. */
	readonly rename: (title: string) => Promise<boolean>;
}

/** Somebody else was first; the stream says who. */
const settledElsewhere: readonly string[] = ["conflict", "not_found"];

/** The actions of a session, and what became of the last one. */
export function useSessionActions(client: DaemonClient, sessionId: string): SessionActions {
	const [sending, setSending] = useState(false);
	const [answering, setAnswering] = useState(false);
	const [problem, setProblem] = useState<ActionProblem | null>(null);
	const attempt = useRef<{ readonly content: string; readonly key: string } | null>(null);

	function judge<T>(result: HostResult<T>, missing: RemoteGrant): boolean {
		setProblem(result.ok ? null : { error: result.error, missing });
		return result.ok;
	}

	return {
		sending,
		answering,
		problem,
		dismiss: () => setProblem(null),
		async send(content, mode) {
			// The answer to the first attempt may have been lost: with the same key the turn begins once.
			const key = attempt.current?.content === content ? attempt.current.key : crypto.randomUUID();
			attempt.current = { content, key };
			setSending(true);
			const result = await client.createTurn(sessionId, { content, mode }, key);
			setSending(false);
			if (result.ok) {
				attempt.current = null;
			}
			return judge(result, "turns");
		},
		async cancel(turnId) {
			judge(await client.cancel(sessionId, turnId), "approve");
		},
		async answer(answer) {
			setAnswering(true);
			const result = await client.answerPermission(answer);
			setAnswering(false);
			if (result.ok || !settledElsewhere.includes(result.error.code)) {
				judge(result, "approve");
			}
		},
		rename: async (title) => judge(await client.updateSession(sessionId, { title }), "turns"),
	};
}
