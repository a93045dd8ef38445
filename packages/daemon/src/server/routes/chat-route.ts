import { type CompatChatAnswer, compatChatAnswerSchema, compatChatSchema } from "@opta/contracts/schema/daemon-chat";
import { createTurnSchema } from "@opta/contracts/schema/daemon-session";
import type { z } from "zod";
import type { Caller } from "../../sessions/caller.ts";
import { done, failed, type Outcome } from "../../sessions/outcome.ts";
import type { Sessions } from "../../sessions/sessions.ts";
import { type Route, rawRoute } from "../route.ts";
import { openEventResponse } from "../streams/event-response.ts";

type Question = z.output<typeof compatChatSchema>;

interface Asked {
	readonly content: string;
	readonly earlier: string;
}

function readQuestion({ message, messages = [] }: Question): Asked | null {
	if (message !== undefined) {
		return { content: message, earlier: "" };
	}
	const last = messages.at(-1);
	if (last?.role !== "user") {
		return null;
	}
	const earlier = messages.slice(0, -1).map(({ role, content }) => `${role}: ${content}`);
	return { content: last.content, earlier: earlier.join("\n\n") };
}

async function sessionFor(sessions: Sessions, question: Question, workspace: string, caller: Caller): Promise<Outcome<string>> {
	if (question.session !== undefined) {
		return done(question.session);
	}
	// Nobody could be asked here: the agent may look, and change nothing.
	const created = await sessions.create({ workspace, mode: "plan" }, caller);
	return created.ok ? done(created.value.id) : created;
}

interface TurnListener {
	readonly onText: (text: string) => void;
}

/** Runs one turn to its end. Leaving cancels it. */
async function runTurn(
	sessions: Sessions,
	sessionId: string,
	asked: Asked,
	model: string | undefined,
	caller: Caller,
	gone: AbortSignal,
	{ onText }: TurnListener,
): Promise<Outcome<CompatChatAnswer>> {
	const ended = Promise.withResolvers<Outcome<CompatChatAnswer>>();
	const seen: { turnId: string | null; content: string; model: string | null } = { turnId: null, content: "", model: null };
	let shown = "";
	const subscription = await sessions.subscribe(
		sessionId,
		undefined,
		{
			send: (event) => {
				if (!("turnId" in event.data) || event.data.turnId !== seen.turnId) {
					return undefined;
				}
				if (event.type === "turn.token" && event.data.channel === "text") {
					shown += event.data.text;
					onText(event.data.text);
				} else if (event.type === "turn.message" && event.data.message.role === "assistant") {
					const { content, model: writer } = event.data.message;
					// What was lost of the tokens, if anything was.
					onText(content.startsWith(shown) ? content.slice(shown.length) : "");
					shown = "";
					seen.content = content;
					seen.model = writer ?? null;
				} else if (event.type === "turn.done") {
					const { turnId, reason, usage } = event.data;
					const message = { role: "assistant" as const, content: seen.content };
					ended.resolve(done({ session: sessionId, turnId, message, model: seen.model, reason, usage }));
				} else if (event.type === "turn.error") {
					ended.resolve(failed("unavailable", event.data.message));
				}
				return undefined;
			},
			end: () =>
				ended.resolve(failed("unavailable", "The stream of the session ended before the answer. Read the session for what is there.")),
		},
		caller,
	);
	if (!subscription.ok) {
		return subscription;
	}
	const cancel = (): void => {
		if (seen.turnId !== null) {
			void sessions.cancel(sessionId, seen.turnId, caller);
		}
	};
	gone.addEventListener("abort", cancel, { once: true });
	try {
		const body = createTurnSchema.parse({
			content: asked.content,
			...(asked.earlier === "" ? {} : { attachments: [{ kind: "text", name: "Earlier conversation", content: asked.earlier }] }),
			...(model === undefined ? {} : { model }),
		});
		const accepted = await sessions.createTurn(sessionId, body, null, caller);
		if (!accepted.ok) {
			return accepted;
		}
		seen.turnId = accepted.value.turnId;
		if (gone.aborted) {
			cancel();
		}
		return await ended.promise;
	} finally {
		gone.removeEventListener("abort", cancel);
		subscription.value.stop();
	}
}

/** `POST /v1/chat`: one question, one answer, as JSON or as events `{delta}` … `{done}`; for clients of earlier versions. */
export function chatRoute(sessions: Sessions, defaultWorkspace: string): Route {
	return rawRoute({
		access: "client",
		remote: "turns",
		method: "POST",
		path: "/v1/chat",
		summary: "One question, one answer (compatibility); a new session may look but change nothing",
		body: compatChatSchema,
		answer: { kind: "json", status: 200, schema: compatChatAnswerSchema },
		handle: async ({ body, caller, gone }, _request, reply) => {
			const asked = readQuestion(body);
			if (asked === null) {
				return failed("invalid_request", 'Send "message", or "messages" with a message of the user at its end.');
			}
			const session = await sessionFor(sessions, body, body.workspace ?? defaultWorkspace, caller);
			if (!session.ok) {
				return session;
			}
			if (!body.stream) {
				return runTurn(sessions, session.value, asked, body.model, caller, gone, { onText: () => undefined });
			}
			const stream = openEventResponse(reply, 15_000);
			const send = (data: unknown): void => {
				// One answer is small: what the reader does not take waits in memory until it leaves.
				void stream.write(`data: ${JSON.stringify(data)}\n\n`);
			};
			const outcome = await runTurn(sessions, session.value, asked, body.model, caller, gone, {
				onText: (delta) => {
					if (delta !== "") {
						send({ delta });
					}
				},
			});
			if (!outcome.ok && !stream.hasBegun()) {
				return outcome;
			}
			send(outcome.ok ? { done: true, ...outcome.value } : { error: { code: outcome.error.code, message: outcome.error.message } });
			stream.end();
			return "sent";
		},
	});
}
