import type { DurableEvent, VolatileEvent } from "@opta/contracts/schema/daemon-events";
import type { Message } from "@opta/contracts/schema/daemon-message";
import type { SessionFile } from "@opta/contracts/schema/daemon-session";
import { v7 as uuid } from "uuid";
import type { Tool, ToolAccess } from "../tools/tool.ts";
import type { PermissionVerdict, TurnContext, TurnRunner } from "../turns/turn-runner.ts";

/** A session in memory, for running the agent without a daemon. */
export interface ScriptedSession {
	readonly file: SessionFile;
	/** Everything that was appended, in order. */
	readonly durable: DurableEvent[];
	readonly volatile: VolatileEvent[];
	/** Messages that join the running turn at its next step. */
	readonly steering: Message[];
	/** Adds a message of the user, and the turn that answers it. */
	readonly say: (content: string, options?: { readonly signal?: AbortSignal; readonly model?: string }) => TurnContext;
	/** A turn that goes on with what is there. */
	readonly resume: (signal?: AbortSignal) => TurnContext;
	/** Says something and runs the agent on it. */
	readonly run: (runner: TurnRunner, content: string) => ReturnType<TurnRunner["run"]>;
}

/** What a scripted session is like. */
export interface ScriptedSessionOptions {
	readonly workspace: string;
	readonly permit?: (tool: Tool, access: ToolAccess, callId: string) => Promise<PermissionVerdict>;
	readonly answer?: (question: string) => Promise<string | null>;
	readonly onEvent?: (event: DurableEvent | VolatileEvent) => void;
	readonly environment?: Readonly<Record<string, string>>;
}

/** A message as the session keeps it. */
export function userMessage(content: string): Message {
	return { id: uuid(), role: "user", at: new Date().toISOString(), content };
}

function emptyFile(workspace: string): SessionFile {
	const at = new Date().toISOString();
	return {
		id: uuid(),
		title: "",
		metadata: {
			format: 1,
			workspace,
			model: "auto",
			mode: "auto",
			createdAt: at,
			updatedAt: at,
			ownerUserId: null,
			deviceId: null,
			named: false,
			parent: null,
			lastSeq: 0,
			epoch: "scripted",
			messageCount: 0,
			trashedAt: null,
			usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
		},
		messages: [],
		permissions: [],
		todos: [],
		compaction: null,
	};
}

/** A session in memory that allows everything unless told otherwise. */
export function createScriptedSession(options: ScriptedSessionOptions): ScriptedSession {
	const { workspace, permit = async () => ({ allowed: true }), answer = async () => null, environment = {} } = options;
	const file = emptyFile(workspace);
	const durable: DurableEvent[] = [];
	const volatile: VolatileEvent[] = [];
	const steering: Message[] = [];
	const never = new AbortController().signal;

	const append = async (event: DurableEvent): ReturnType<TurnContext["append"]> => {
		durable.push(event);
		options.onEvent?.(event);
		return { v: 1, sessionId: file.id, at: new Date().toISOString(), id: `scripted:${durable.length}`, seq: durable.length, ...event };
	};

	const addMessage = async (turnId: string, message: Message): Promise<void> => {
		file.messages.push(message);
		await append({ type: "turn.message", data: { turnId, message } });
	};

	function context(signal: AbortSignal, model: string): TurnContext {
		const turnId = uuid();
		return {
			turnId,
			model,
			signal,
			session: () => file,
			environment,
			append,
			appendMessage: (message) => addMessage(turnId, message),
			emit(event) {
				volatile.push(event);
				options.onEvent?.(event);
			},
			async takeSteering() {
				const taken = steering.splice(0);
				for (const message of taken) {
					await addMessage(turnId, message);
				}
				return taken;
			},
			permit,
			ask: (question) => answer(question),
			keepBefore: async () => undefined,
			async writeTodos(todos) {
				file.todos = [...todos];
			},
			async compact(beforeMessageId, summary) {
				file.compaction = { beforeMessageId, summary, at: new Date().toISOString() };
			},
		};
	}

	const say: ScriptedSession["say"] = (content, { signal = never, model = "auto" } = {}) => {
		file.messages.push(userMessage(content));
		return context(signal, model);
	};
	return {
		file,
		durable,
		volatile,
		steering,
		say,
		resume: (signal = never) => context(signal, "auto"),
		run: (runner, content) => runner.run(say(content)),
	};
}
