import type { VolatileEvent } from "@opta/contracts/schema/daemon-events";
import type { PermissionResolution, PermissionRule, PermissionScope } from "@opta/contracts/schema/daemon-permission";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { Checkpoints } from "../checkpoints/checkpoints.ts";
import { decidePermission } from "../permissions/decide-permission.ts";
import type { PermissionDesk } from "../permissions/permission-desk.ts";
import { isRepeatedCall } from "../permissions/repeated-call.ts";
import { done } from "../sessions/outcome.ts";
import type { Change, SessionJournal } from "../sessions/session-journal.ts";
import { sessionInfo } from "../sessions/session-state.ts";
import type { Tool, ToolAccess } from "../tools/tool.ts";
import { joinTurns } from "./turn-events.ts";
import type { PermissionVerdict, TurnContext } from "./turn-runner.ts";

/** What a turn's context works with. */
export interface TurnContextParts {
	readonly journal: Pick<SessionJournal, "commit" | "state">;
	readonly desk: Pick<PermissionDesk, "request">;
	readonly emit: (event: VolatileEvent) => void;
	readonly checkpoints: Pick<Checkpoints, "keepBefore">;
	readonly permissions: () => OptaConfig["permissions"];
	/** What people allowed for the project. */
	readonly projectRules: () => readonly PermissionRule[];
	readonly environment: Readonly<Record<string, string>>;
	readonly turnId: string;
	readonly model: string;
	readonly signal: AbortSignal;
	/** False once the turn has ended for everybody: what still runs of it may not write any more. */
	readonly open: () => boolean;
}

/** What the agent is given to run one turn. */
export function createTurnContext(parts: TurnContextParts): TurnContext {
	const { journal, turnId, signal } = parts;
	const commit = async (change: Change) => {
		if (!parts.open()) {
			throw new Error("The turn has ended.");
		}
		const stored = await journal.commit(change);
		if (!stored.ok) {
			throw new Error(stored.error.message);
		}
		return stored.value;
	};
	const update = async (data: (basis: Parameters<Change>[0]) => object): Promise<void> => {
		await commit((basis) => done([{ event: { type: "session.updated", data: { session: sessionInfo(basis.state), ...data(basis) } } }]));
	};
	return {
		turnId,
		model: parts.model,
		signal,
		environment: parts.environment,
		session: () => journal.state.file,
		append: async (event) => {
			const [stored] = await commit(() => done([{ event }]));
			if (stored === undefined) {
				throw new Error("The event was not stored.");
			}
			return stored;
		},
		appendMessage: async (message) => {
			await commit(() => done([{ event: { type: "turn.message", data: { turnId, message } } }]));
		},
		emit: (event) => {
			if (parts.open()) {
				parts.emit(event);
			}
		},
		takeSteering: async () => {
			if (!journal.state.turns.some(({ mode, begun }) => mode === "steer" && !begun)) {
				return [];
			}
			let messages: Awaited<ReturnType<TurnContext["takeSteering"]>> = [];
			await commit((basis) => {
				const joined = joinTurns(basis, turnId);
				messages = joined.messages;
				return done(joined.drafts);
			});
			return messages;
		},
		permit: (tool, access, callId) => permit(parts, { tool, access, callId }),
		ask: async (question, callId, choices) => {
			const resolution = await parts.desk.request(
				{
					turnId,
					callId,
					kind: "question",
					tool: "ask_user",
					title: question,
					patterns: [],
					scopes: ["once"],
					...(choices === undefined ? {} : { choices: [...choices] }),
				},
				signal,
			);
			return resolution?.decision === "allow" ? (resolution.answer ?? null) : null;
		},
		keepBefore: (absolutePath, after) => parts.checkpoints.keepBefore(journal.state.file.id, turnId, absolutePath, after),
		writeTodos: (todos) => update(() => ({ todos: [...todos] })),
		compact: (beforeMessageId, summary) =>
			update(({ at }) => ({ compaction: { beforeMessageId, summary, at }, messages: "compacted" as const })),
	};
}

async function permit(
	parts: TurnContextParts,
	{ tool, access, callId }: { readonly tool: Tool; readonly access: ToolAccess; readonly callId: string },
): Promise<PermissionVerdict> {
	const { journal, turnId, signal } = parts;
	const { file, rules } = journal.state;
	const decision = decidePermission({
		mode: file.metadata.mode,
		tool: tool.name,
		kind: tool.kind,
		access,
		rules: parts.permissions().rules,
		allowed: [...parts.projectRules(), ...rules],
		repeated: isRepeatedCall(file.messages, turnId, callId),
	});
	if (decision.action === "deny") {
		return { allowed: false, reason: decision.reason };
	}
	const open = file.permissions.some((pending) => pending.turnId === turnId && pending.callId === callId);
	if (decision.action === "allow" && !open) {
		return { allowed: true };
	}
	const lasting = access.alwaysPatterns.length > 0 && decision.action === "ask" && !decision.onceOnly;
	const scopes: PermissionScope[] = lasting ? ["once", "session", "project"] : ["once"];
	const { title, detail } = access;
	const resolution = await parts.desk.request(
		{
			turnId,
			callId,
			kind: "tool",
			tool: tool.name,
			title,
			...(detail === undefined ? {} : { detail }),
			patterns: lasting ? [...access.alwaysPatterns] : [],
			scopes,
		},
		signal,
	);
	return verdict(resolution);
}

function verdict(resolution: PermissionResolution | null): PermissionVerdict {
	if (resolution?.decision === "allow") {
		return { allowed: true };
	}
	if (resolution === null || resolution.cause === "cancelled") {
		return { allowed: false, reason: "The turn was cancelled." };
	}
	if (resolution.cause === "timed_out") {
		return { allowed: false, reason: "Nobody answered in time, so it was denied." };
	}
	const said = resolution.answer === undefined ? "" : ` They said: ${resolution.answer}`;
	return { allowed: false, reason: `The person did not allow this.${said}` };
}
