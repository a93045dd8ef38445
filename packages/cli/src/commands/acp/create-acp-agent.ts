import {
	type AgentApp,
	type AgentContext,
	agent,
	methods,
	PROTOCOL_VERSION,
	RequestError,
	type SessionModeState,
} from "@agentclientprotocol/sdk";
import { build } from "@opta/contracts/build";
import { permissionModes } from "@opta/contracts/daemon-protocol";
import type { PermissionMode } from "@opta/contracts/schema/daemon-permission";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostResult } from "@opta/host-client/host-error";
import { CommandFailure } from "../../program/command-failure.ts";
import { followTurn, type TurnEvent } from "../do/follow-turn.ts";
import { askEditor } from "./ask-editor.ts";
import { readPrompt } from "./prompt-content.ts";
import { createUpdates, replayMessage, stopReason } from "./session-updates.ts";

const modeNames: Readonly<Record<PermissionMode, string>> = { plan: "Plan: look only", ask: "Ask", edit: "Edit freely", auto: "Automatic" };

function modesOf(current: PermissionMode): SessionModeState {
	return { currentModeId: current, availableModes: permissionModes.map((id) => ({ id, name: modeNames[id] })) };
}

function resultOf<T>(answer: HostResult<T>, sessionId?: string): T {
	if (!answer.ok) {
		throw answer.error.code === "not_found" && sessionId !== undefined
			? RequestError.sessionNotFound(sessionId)
			: RequestError.internalError({ code: answer.error.code }, answer.error.message);
	}
	return answer.value;
}

/** Says on the program's own stderr what the editor is not told. */
type Note = (text: string) => void;

async function cancelTurns(client: DaemonClient, sessionId: string, note: Note): Promise<void> {
	const answer = await client.cancel(sessionId);
	if (!answer.ok) {
		note(`The turn could not be cancelled, so it goes on: ${answer.error.message}`);
	}
}

async function runPrompt(
	client: DaemonClient,
	editor: AgentContext,
	sessionId: string,
	prompt: ReturnType<typeof readPrompt>,
	signal: AbortSignal,
	note: Note,
) {
	const toUpdates = createUpdates();
	const questions = new Map<string, AbortController>();
	let failure: unknown = null;
	let sending = Promise.resolve();
	const cancel = (): void => void cancelTurns(client, sessionId, note);
	const fail = (error: unknown): void => {
		if (failure === null) {
			failure = error;
			cancel();
		}
	};
	const onEvent = (event: TurnEvent): void => {
		for (const update of toUpdates(event)) {
			sending = sending.then(() => editor.notify(methods.client.session.update, { sessionId, update })).catch(fail);
		}
		if (event.type === "permission.request") {
			const { permission } = event.data;
			const question = new AbortController();
			questions.set(permission.id, question);
			sending
				.then(() => askEditor(editor, client, permission, question.signal))
				.catch((error: unknown) => {
					if (!question.signal.aborted) {
						fail(error);
					}
				});
		} else if (event.type === "permission.resolved") {
			questions.get(event.data.permissionId)?.abort();
		}
	};
	signal.addEventListener("abort", cancel, { once: true });
	try {
		const body = { content: prompt.content, ...(prompt.attachments.length > 0 && { attachments: prompt.attachments }) };
		const end = await followTurn(client, sessionId, body, { onAccepted: () => undefined, onEvent, onConnection: () => undefined });
		await sending;
		const reason = stopReason(end);
		if (failure !== null) {
			throw failure;
		}
		if (end.type === "turn.error" || reason === null) {
			throw RequestError.internalError(undefined, end.type === "turn.error" ? end.data.message : "The turn failed.");
		}
		return { stopReason: reason };
	} catch (error) {
		throw error instanceof CommandFailure ? RequestError.internalError(undefined, error.message) : error;
	} finally {
		signal.removeEventListener("abort", cancel);
		for (const question of questions.values()) {
			question.abort();
		}
	}
}

/** The agent that editors talk to (Agent Client Protocol v1): its sessions and turns are the daemon's. */
export function createAcpAgent(client: DaemonClient, environment: Record<string, string>, note: Note): AgentApp {
	return agent({ name: "opta" })
		.onRequest(methods.agent.initialize, () => ({
			protocolVersion: PROTOCOL_VERSION,
			agentInfo: { name: "opta", title: "Opta", version: build },
			agentCapabilities: { loadSession: true, promptCapabilities: { embeddedContext: true } },
			authMethods: [],
		}))
		.onRequest(methods.agent.session.new, async ({ params }) => {
			const session = resultOf(await client.createSession({ workspace: params.cwd, environment }));
			return { sessionId: session.id, modes: modesOf(session.metadata.mode) };
		})
		.onRequest(methods.agent.session.load, async ({ params: { sessionId }, client: editor }) => {
			const session = resultOf(await client.readSession(sessionId), sessionId);
			for (const update of session.messages.flatMap(replayMessage)) {
				await editor.notify(methods.client.session.update, { sessionId, update });
			}
			return { modes: modesOf(session.metadata.mode) };
		})
		.onRequest(methods.agent.session.setMode, async ({ params: { sessionId, modeId } }) => {
			const mode = permissionModes.find((one) => one === modeId);
			if (mode === undefined) {
				throw RequestError.invalidParams({ modeId }, "There is no such mode.");
			}
			resultOf(await client.updateSession(sessionId, { mode }), sessionId);
			return {};
		})
		.onRequest(methods.agent.session.prompt, ({ params, client: editor, signal }) =>
			runPrompt(client, editor, params.sessionId, readPrompt(params.prompt), signal, note),
		)
		.onNotification(methods.agent.session.cancel, ({ params: { sessionId } }) => cancelTurns(client, sessionId, note));
}
