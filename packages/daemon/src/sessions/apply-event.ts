import { createHash } from "node:crypto";
import type { SessionEvent } from "@opta/contracts/schema/daemon-events";
import type { PendingPermission, PermissionResolution, PermissionRule } from "@opta/contracts/schema/daemon-permission";
import type { CreateTurn, SessionFile } from "@opta/contracts/schema/daemon-session";
import type { SessionState } from "./session-state.ts";

/** How many idempotency keys and answers to permissions a session remembers. */
export const remembered = { keys: 256, resolutions: 512 } as const;

type Update = Extract<SessionEvent, { type: "session.updated" }>["data"];

/** The session after one more event of its log. Pure: the same log gives the same session, whole or in parts. */
export function applyEvent(state: SessionState, event: SessionEvent): SessionState {
	const next = applyData(state, event);
	const { file } = next;
	return {
		...next,
		file: {
			...file,
			metadata: { ...file.metadata, lastSeq: event.seq, messageCount: file.messages.length, updatedAt: event.at },
		},
	};
}

/** Tells whether two requests with one key are the same request. */
export function turnFingerprint(turn: Pick<CreateTurn, "content" | "attachments" | "model">): string {
	return createHash("sha256")
		.update(JSON.stringify([turn.content, turn.attachments ?? [], turn.model ?? null]))
		.digest("base64url");
}

function applyData(state: SessionState, event: SessionEvent): SessionState {
	switch (event.type) {
		case "session.updated":
			return { ...state, file: updateFile(state.file, event.data) };
		case "turn.queued": {
			const { turn, mode, idempotencyKey, turnId } = event.data;
			const { state: _state, position: _position, ...stored } = turn;
			const key = { key: idempotencyKey ?? "", turnId, seq: event.seq, fingerprint: turnFingerprint(turn) };
			return {
				...state,
				turns: [...state.turns, { ...stored, mode, begun: false }],
				keys: idempotencyKey === undefined ? state.keys : [...state.keys, key].slice(-remembered.keys),
			};
		}
		case "turn.message": {
			const { message } = event.data;
			return {
				...state,
				file: { ...state.file, messages: [...state.file.messages, message] },
				turns: state.turns.map((turn) => (turn.turnId === message.id ? { ...turn, begun: true } : turn)),
			};
		}
		case "tool.start":
			return { ...state, startedCalls: [...state.startedCalls.filter((id) => id !== event.data.callId), event.data.callId] };
		case "tool.result":
			return { ...state, startedCalls: state.startedCalls.filter((id) => id !== event.data.callId) };
		case "permission.request":
			return { ...state, file: { ...state.file, permissions: [...state.file.permissions, event.data.permission] } };
		case "permission.resolved": {
			const { turnId: _turnId, ...resolution } = event.data;
			return resolvePermission(state, resolution);
		}
		case "turn.done":
			return endTurn(state, event.data.turnId, event.data.usage);
		case "turn.error":
			return endTurn(state, event.data.turnId, event.data.usage);
		default:
			return state;
	}
}

function updateFile(file: Readonly<SessionFile>, update: Update): SessionFile {
	const cut = update.messages === "rewound" ? file.messages.findIndex(({ id }) => id === update.fromMessageId) : -1;
	return {
		...file,
		title: update.session.title,
		metadata: { ...update.session.metadata, epoch: file.metadata.epoch },
		messages: cut === -1 ? file.messages : file.messages.slice(0, cut),
		todos: update.todos ?? file.todos,
		compaction: update.compaction === undefined ? file.compaction : update.compaction,
	};
}

function resolvePermission(state: SessionState, resolution: PermissionResolution): SessionState {
	const pending = state.file.permissions.find(({ id }) => id === resolution.permissionId);
	return {
		...state,
		file: { ...state.file, permissions: state.file.permissions.filter(({ id }) => id !== resolution.permissionId) },
		resolved: [...state.resolved, resolution].slice(-remembered.resolutions),
		rules: pending === undefined || resolution.scope === "once" ? state.rules : [...state.rules, ...rulesOf(pending, resolution)],
	};
}

/** What an answer for more than once adds to the rules. */
export function rulesOf(pending: PendingPermission, { decision }: PermissionResolution): PermissionRule[] {
	return decision === "allow" ? pending.patterns.map((pattern) => ({ tool: pending.tool, pattern, action: "allow" as const })) : [];
}

function endTurn(state: SessionState, turnId: string, usage: SessionFile["metadata"]["usage"] | undefined): SessionState {
	const { metadata } = state.file;
	const before = metadata.usage;
	const total = {
		promptTokens: before.promptTokens + (usage?.promptTokens ?? 0),
		cachedTokens: before.cachedTokens + (usage?.cachedTokens ?? 0),
		completionTokens: before.completionTokens + (usage?.completionTokens ?? 0),
	};
	const ran = state.turns.some((turn) => turn.turnId === turnId && turn.begun);
	return {
		...state,
		file: {
			...state.file,
			metadata: { ...metadata, usage: total },
			permissions: state.file.permissions.filter((permission) => permission.turnId !== turnId),
		},
		turns: state.turns.filter((turn) => turn.turnId !== turnId),
		startedCalls: ran ? [] : state.startedCalls,
	};
}
