import { randomUUID } from "node:crypto";
import type { DurableEvent, VolatileEvent } from "@opta/contracts/schema/daemon-events";
import type { PendingPermission, PermissionResolution } from "@opta/contracts/schema/daemon-permission";

/** What a scripted turn may do. */
export interface TurnStage {
	readonly turnId: string;
	readonly prompt: string;
	readonly cancelled: AbortSignal;
	readonly emit: (event: VolatileEvent) => void;
	readonly append: (event: DurableEvent) => void;
	readonly say: (text: string) => void;
	readonly ask: (permission: Partial<PendingPermission>) => Promise<PermissionResolution>;
}

/** What a stage is made of. */
export interface StageParts extends Pick<TurnStage, "turnId" | "prompt" | "cancelled" | "emit" | "append"> {
	readonly sessionId: string;
	/** Keeps who is to be told the answer to a question. */
	readonly awaitAnswer: (permissionId: string, settle: (resolution: PermissionResolution) => void) => void;
}

function newPermission(sessionId: string, turnId: string): PendingPermission {
	const at = new Date().toISOString();
	return {
		id: randomUUID(),
		sessionId,
		turnId,
		callId: randomUUID(),
		kind: "tool",
		tool: "run_command",
		title: "Run npm test",
		patterns: [],
		scopes: ["once", "session", "project"],
		requestedAt: at,
		expiresAt: at,
	};
}

/** The stage of one turn. */
export function createTurnStage({ sessionId, awaitAnswer, ...parts }: StageParts): TurnStage {
	const { turnId, append } = parts;
	const at = new Date().toISOString();
	return {
		...parts,
		say: (text) =>
			append({ type: "turn.message", data: { turnId, message: { id: randomUUID(), role: "assistant", at, turnId, content: text } } }),
		async ask(given) {
			const permission = { ...newPermission(sessionId, turnId), ...given };
			const { promise, resolve } = Promise.withResolvers<PermissionResolution>();
			awaitAnswer(permission.id, resolve);
			append({ type: "permission.request", data: { turnId, permission } });
			const resolution = await promise;
			append({ type: "permission.resolved", data: { turnId, ...resolution } });
			return resolution;
		},
	};
}
