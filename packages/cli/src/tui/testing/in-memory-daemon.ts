import { randomUUID } from "node:crypto";
import type { DurableEvent, SessionEvent, StreamEvent, VolatileEvent } from "@opta/contracts/schema/daemon-events";
import type { PermissionResolution } from "@opta/contracts/schema/daemon-permission";
import type { CreateSession, OpenTurn, SessionInfo, SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import type { DaemonClient, SessionFollower } from "@opta/host-client/daemon/daemon-client";
import type { HostError, HostResult } from "@opta/host-client/host-error";
import { applyEvent, emptySessionView, type SessionView } from "@opta/host-client/session/session-view";
import { createTurnStage, type TurnStage } from "./turn-stage.ts";

interface Session {
	info: SessionInfo;
	view: SessionView;
	readonly events: SessionEvent[];
	readonly followers: Set<SessionFollower>;
	readonly cancelling: Map<string, AbortController>;
}

const usage = { promptTokens: 1000, cachedTokens: 920, completionTokens: 120 };

/** A daemon in this process, for tests of screens: sessions, turns by a script, questions; `clientFor` attaches terminals. */
export class InMemoryDaemon {
	readonly sessions = new Map<string, Session>();
	readonly #answers = new Map<string, (resolution: PermissionResolution) => void>();
	readonly #watchers = new Set<() => void>();
	readonly #script: (stage: TurnStage) => Promise<void>;

	constructor(script: (stage: TurnStage) => Promise<void>) {
		this.#script = script;
	}

	/** A client of its own. Methods that screens do not use answer `unavailable`. */
	clientFor(clientId: string, changes: Partial<DaemonClient> = {}): DaemonClient {
		const parts: Partial<DaemonClient> = {
			clientId,
			createSession: async (body) => done(this.snapshot(this.#create(body))),
			listSessions: async () => done({ sessions: [...this.sessions.values()].map((session) => this.#listed(session)), nextCursor: null }),
			updateSession: async (id, body) => {
				const session = this.#session(id);
				const { title = session.info.title, ...metadata } = body;
				session.info = { ...session.info, title, metadata: { ...session.info.metadata, ...metadata } };
				this.append(id, { type: "session.updated", data: { session: session.info } });
				return done(session.info);
			},
			listEvents: async (id) => done({ events: this.#session(id).events, more: false }),
			followSession: (id, follower, signal) => this.#follow(id, follower, signal),
			followSessions: (onChange, signal) => this.#watch(() => onChange({ type: "sessions.changed", sessionId: "" }), signal),
			createTurn: async (id, body) => done(this.#turn(id, body.content, clientId, body.mode === "steer" ? "steer" : "queue")),
			cancel: async (id) => {
				const session = this.#session(id);
				const cancelled = [...session.cancelling.keys()];
				for (const controller of session.cancelling.values()) {
					controller.abort();
				}
				return done({ cancelled });
			},
			listPermissions: async () => done({ permissions: [...this.sessions.values()].flatMap((session) => [...session.view.permissions]) }),
			answerPermission: async (answer) => {
				const { permissionId, decision, scope = "once" } = answer;
				const settle = this.#answers.get(permissionId);
				if (settle === undefined) {
					return { ok: false, error: failure("conflict", "Allowed by phone.") };
				}
				const resolution = { permissionId, decision, scope, by: clientId, cause: "answered" as const, answer: answer.answer };
				this.#answers.delete(permissionId);
				settle(resolution);
				return done(resolution);
			},
			listClients: async () => done({ clients: [] }),
			models: async () =>
				done({
					models: [{ id: "small-model", provider: "lmx", state: "loaded", vision: false, probe: null }],
					default: "small-model",
					problem: null,
				}),
			...changes,
		};
		const unavailable = async (): Promise<HostResult<never>> => ({ ok: false, error: failure("unavailable", "Not part of this test.") });
		return new Proxy(parts, { get: (target, name) => Reflect.get(target, name) ?? unavailable }) as DaemonClient;
	}

	/** The session as a client would fetch it. */
	snapshot(session: Session): SessionSnapshot {
		const { view, info, events } = session;
		return {
			...info,
			metadata: { ...info.metadata, lastSeq: events.length },
			messages: view.entries.flatMap((entry) => (entry.kind === "message" ? [entry.message] : [])),
			permissions: [...view.permissions],
			todos: [],
			turns: [...view.turns],
			compaction: null,
			lastEventId: `e:${events.length}`,
		};
	}

	/** Makes a durable event happen, as if another client or the agent had caused it. */
	append(sessionId: string, event: DurableEvent): void {
		const session = this.#session(sessionId);
		const seq = session.events.length + 1;
		const whole = { v: 1, sessionId, at: new Date().toISOString(), id: `e:${seq}`, seq, ...event } as SessionEvent;
		session.events.push(whole);
		this.#tell(session, whole);
		for (const watcher of this.#watchers) {
			watcher();
		}
	}

	#tell(session: Session, event: StreamEvent): void {
		session.view = applyEvent(session.view, event);
		for (const follower of session.followers) {
			follower.onEvent(event);
		}
	}

	#create({ workspace, model = "auto", mode = "ask", title = "" }: CreateSession): Session {
		const at = new Date().toISOString();
		const info: SessionInfo = {
			id: randomUUID(),
			title,
			metadata: {
				format: 1,
				workspace,
				model,
				mode,
				createdAt: at,
				updatedAt: at,
				ownerUserId: null,
				deviceId: null,
				named: false,
				parent: null,
				lastSeq: 0,
				epoch: "e",
				messageCount: 0,
				trashedAt: null,
				usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
			},
		};
		const session: Session = { info, view: emptySessionView, events: [], followers: new Set(), cancelling: new Map() };
		this.sessions.set(info.id, session);
		this.append(info.id, { type: "session.updated", data: { session: info } });
		return session;
	}

	#session(id: string): Session {
		const session = this.sessions.get(id);
		if (session === undefined) {
			throw new Error(`The test has no session ${id}.`);
		}
		return session;
	}

	#listed({ info, view }: Session) {
		const waiting = view.permissions.length > 0;
		return { ...info, running: view.turns.length > 0, waiting };
	}

	async #follow(id: string, follower: SessionFollower, signal: AbortSignal): Promise<void> {
		const session = this.#session(id);
		follower.onConnection?.("live", null);
		follower.onSnapshot(this.snapshot(session));
		session.followers.add(follower);
		await aborted(signal);
		session.followers.delete(follower);
	}

	async #watch(watcher: () => void, signal: AbortSignal): Promise<void> {
		this.#watchers.add(watcher);
		await aborted(signal);
		this.#watchers.delete(watcher);
	}

	#turn(id: string, content: string, clientId: string, mode: "queue" | "steer") {
		const session = this.#session(id);
		const turnId = randomUUID();
		const turn: OpenTurn = {
			turnId,
			state: "queued",
			content,
			clientId,
			queuedAt: new Date().toISOString(),
			position: session.view.turns.length,
		};
		this.append(id, { type: "turn.queued", data: { turnId, turn, mode } });
		if (session.cancelling.size === 0) {
			void this.#run(session, turn);
		}
		return { turnId, seq: session.events.length, eventId: `e:${session.events.length}` };
	}

	async #run(session: Session, turn: OpenTurn): Promise<void> {
		const { turnId, content, clientId } = turn;
		const { id } = session.info;
		const at = new Date().toISOString();
		const stopping = new AbortController();
		session.cancelling.set(turnId, stopping);
		const append = (event: DurableEvent): void => this.append(id, event);
		const emit = (event: VolatileEvent): void => this.#tell(session, { v: 1, sessionId: id, at: new Date().toISOString(), ...event });
		append({ type: "turn.started", data: { turnId, model: "small-model", provider: "lmx" } });
		const own = clientId === null ? {} : { clientId };
		append({ type: "turn.message", data: { turnId, message: { id: randomUUID(), role: "user", at, turnId, content, ...own } } });
		const awaitAnswer = (permissionId: string, settle: (resolution: PermissionResolution) => void): void => {
			this.#answers.set(permissionId, settle);
		};
		const { signal: cancelled } = stopping;
		await this.#script(createTurnStage({ sessionId: id, turnId, prompt: content, cancelled, emit, append, awaitAnswer }));
		session.cancelling.delete(turnId);
		const reason = stopping.signal.aborted ? "cancelled" : "stop";
		append({ type: "turn.done", data: { turnId, reason, usage, durationMs: 1234 } });
		const next = session.view.turns[0];
		if (next !== undefined) {
			await this.#run(session, next);
		}
	}
}

function done<T>(value: T): { readonly ok: true; readonly value: T } {
	return { ok: true, value };
}

function failure(code: HostError["code"], message: string): HostError {
	return { code, message, status: null, retryAfterMs: null };
}

async function aborted(signal: AbortSignal): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	signal.addEventListener("abort", () => resolve(), { once: true });
	if (!signal.aborted) {
		await promise;
	}
}
