import { randomUUID } from "node:crypto";
import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostError, HostResult } from "@opta/host-client/host-error";
import { followView } from "@opta/host-client/session/follow-view";
import { applyEvent, emptySessionView } from "@opta/host-client/session/session-view";
import { viewFromSnapshot } from "@opta/host-client/session/view-from-snapshot";
import type { OpenChatOptions } from "../open-chat.ts";
import type { Chat, ChatPlace } from "./chat.ts";
import { type ChatState, initialChatState } from "./chat-state.ts";
import { withLocal } from "./local-blocks.ts";
import { idleMeter, measure, speedOf } from "./speed-meter.ts";
import { createStore } from "./store.ts";

const framePauseMs = 30;
/** A daemon that is gone for so long is looked for anew. */
const reconnectAfterMs = 3000;

/** Begins a chat: connects in the background and follows the session, if one was named. Ends with `leave`. */
export function createChat(options: OpenChatOptions, place: ChatPlace): Chat {
	const ending = new AbortController();
	const { workspace, sessionId = null, model = "auto", mode = "ask" } = options;
	const store = createStore(initialChatState({ workspace, sessionId, model, mode }), framePauseMs);
	let daemon: DaemonClient | null = null;
	let following = new AbortController();
	let refollow: NodeJS.Timeout | null = null;

	const show: Chat["show"] = (block) => store.update((state) => withLocal(state, block));
	const note = (text: string): void => show({ kind: "note", id: `local:${randomUUID()}`, settled: true, text });
	const problem = (what: string, error: HostError): void => {
		show({ kind: "error", id: `local:${randomUUID()}`, settled: true, title: what, text: error.message });
	};

	async function adopt(client: DaemonClient): Promise<void> {
		daemon = client;
		store.update((state) => ({
			...state,
			ownClientId: client.clientId,
			connection: { state: state.sessionId === null ? "live" : "connecting", problem: null },
		}));
		if (store.get().sessionId !== null) {
			follow(client);
		}
		void client.followSessions(() => void refresh(), ending.signal);
		await refresh();
	}

	async function refresh(): Promise<void> {
		const client = daemon;
		if (client === null) {
			return;
		}
		const [models, permissions, clients] = await Promise.all([client.models(), client.listPermissions(), client.listClients()]);
		store.update((state) => ({
			...state,
			models: models.ok ? models.value : state.models,
			waiting: permissions.ok ? permissions.value.permissions : state.waiting,
			clientNames: clients.ok ? new Map(clients.value.clients.map((entry) => [entry.clientId, entry.name])) : state.clientNames,
		}));
		const sessions = await client.listSessions({ limit: 100 });
		store.update((state) => ({ ...state, sessions: sessions.ok ? sessions.value.sessions : state.sessions }));
	}

	function follow(client: DaemonClient): void {
		following.abort();
		following = new AbortController();
		const { signal } = following;
		const followed = store.get().sessionId;
		if (followed === null) {
			return;
		}
		let meter = idleMeter;
		const onEvent = (event: StreamEvent): void => {
			meter = measure(meter, event, place.nowMs());
			if (event.type === "session.updated" && event.data.messages === "rewound" && event.clientId !== client.clientId) {
				note("Another client went back: messages above may no longer belong to the conversation.");
			}
			const speed = event.type === "turn.done" ? speedOf(meter, event.data.turnId, event.data.usage.completionTokens) : null;
			store.update((state) => {
				const next = { ...state, view: applyEvent(state.view, event) };
				return event.type === "turn.done" && speed !== null
					? { ...next, speeds: new Map(state.speeds).set(event.data.turnId, speed) }
					: next;
			});
		};
		const follower = {
			onSession: (snapshot: Parameters<typeof viewFromSnapshot>[0], history: readonly StreamEvent[]) =>
				store.update((state) => ({
					...state,
					view: viewFromSnapshot(snapshot, history),
					connection: { state: "live", problem: null },
				})),
			onEvent,
			onConnection: (connection: "connecting" | "live" | "lost", lost: string | null) => noteConnection(connection, lost),
		};
		void followView(client, followed, follower, AbortSignal.any([signal, ending.signal]));
	}

	function noteConnection(connection: "connecting" | "live" | "lost", lost: string | null): void {
		store.update((state) => ({ ...state, connection: { state: connection, problem: lost } }));
		if (connection === "live" && refollow !== null) {
			clearTimeout(refollow);
			refollow = null;
		}
		if (connection === "lost" && refollow === null && options.reconnect !== undefined) {
			refollow = setTimeout(() => void lookAgain(), reconnectAfterMs);
		}
	}

	async function lookAgain(): Promise<void> {
		refollow = null;
		if (store.get().connection.state !== "live") {
			await reconnect();
		}
	}

	async function reconnect(): Promise<boolean> {
		const found = await options.reconnect?.();
		if (found === undefined || ending.signal.aborted) {
			return false;
		}
		if (found.ok) {
			await adopt(found.value);
		} else {
			noteConnection("lost", found.error.message);
		}
		return found.ok;
	}

	function open(next: string | null): void {
		following.abort();
		store.update((state) => ({
			...state,
			sessionId: next,
			view: emptySessionView,
			locals: [],
			hiddenUntil: null,
			opened: state.opened + 1,
			anchor: null,
			panel: null,
			question: null,
		}));
		if (daemon !== null) {
			follow(daemon);
		}
	}

	async function ensureSession(): Promise<string | null> {
		const state = store.get();
		if (state.sessionId !== null || daemon === null) {
			return state.sessionId;
		}
		const body = { workspace, model: state.model, mode: state.mode, environment: { ...place.sessionEnvironment } };
		const tried = await daemon.createSession(body);
		const gone = !tried.ok && (tried.error.code === "offline" || tried.error.code === "unauthenticated");
		const created = gone && (await reconnect()) ? await daemon.createSession(body) : tried;
		if (!created.ok) {
			problem("The session could not be begun", created.error);
			return null;
		}
		store.update((now) => ({ ...now, sessionId: created.value.id, view: viewFromSnapshot(created.value, []) }));
		follow(daemon);
		return created.value.id;
	}

	const connected = connect(options.client).then(async (found) => {
		if (found.ok) {
			await adopt(found.value);
		} else {
			store.update((state) => ({ ...state, connection: { state: "failed", problem: found.error.message } }));
		}
	});
	return {
		connected,
		store,
		options,
		place,
		signal: ending.signal,
		shells: new Set(),
		client: () => daemon,
		note,
		problem,
		show,
		reconnect,
		open,
		ensureSession,
		refresh,
		leave: (exit) => {
			ending.abort();
			following.abort();
			clearTimeout(refollow ?? undefined);
			store.update((state: ChatState) => ({ ...state, exit }));
		},
	};
}

async function connect(client: OpenChatOptions["client"]): Promise<HostResult<DaemonClient>> {
	return client instanceof Promise ? await client : { ok: true, value: client };
}
