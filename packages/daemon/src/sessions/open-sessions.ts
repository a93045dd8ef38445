import path from "node:path";
import type { SessionEvent } from "@opta/contracts/schema/daemon-events";
import type { Checkpoints } from "../checkpoints/checkpoints.ts";
import { ProjectRules } from "../permissions/project-rules.ts";
import type { TurnRunner } from "../turns/turn-runner.ts";
import { rulesOf } from "./apply-event.ts";
import { type Caller, maySee } from "./caller.ts";
import { emptyTrash, findSessions } from "./find-sessions.ts";
import type { LiveSession } from "./live-session.ts";
import { done, failed, type Outcome } from "./outcome.ts";
import { sessionChanges } from "./session-changes.ts";
import { SessionEnvironments, type SessionVariables } from "./session-environment.ts";
import { SessionFolders } from "./session-folders.ts";
import { SessionIndex } from "./session-index.ts";
import { type SessionConfig, type SessionParts, withSession } from "./session-parts.ts";
import { sessionReadings } from "./session-readings.ts";
import { isWaiting, type SessionState } from "./session-state.ts";
import { SessionStore } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";

/** What sessions are opened with. */
export interface OpenSessionsOptions {
	/** Folder of the user, from `optaHome`: sessions are under `sessions/`. */
	readonly home: string;
	readonly runner: TurnRunner;
	readonly checkpoints: Checkpoints;
	/** Configuration for a workspace as it is now: default model, mode and rules of permissions, titles. */
	readonly config: (workspace: string) => SessionConfig;
	/** Variables for sessions that were started without any; never the daemon's own secrets. */
	readonly environment: SessionVariables;
	/** Something that people should find in the log. */
	readonly log?: (level: "info" | "warn" | "error", message: string, details: Readonly<Record<string, unknown>>) => void;
	/** Called when a session goes to the trash: what its tools left running has to end. */
	readonly onSessionClosed?: (sessionId: string) => Promise<void>;
	/** Sessions in memory at the same time; 64 when missing. Those that run or are watched are never put out. */
	readonly maxLoaded?: number;
	readonly now?: () => Date;
}

/** Questions of which it is remembered where they were asked. */
const maxQuestions = 512;
const trashIntervalMs = 3_600_000;

/** Events after which a session's entry in lists is another. */
const listed: ReadonlySet<SessionEvent["type"]> = new Set([
	"session.updated",
	"turn.queued",
	"turn.message",
	"turn.done",
	"turn.error",
	"permission.request",
	"permission.resolved",
]);

/**
 * Opens the sessions of a home: finds those that an earlier daemon left (their index is rebuilt where it is behind), ends what
 * was interrupted, and lets waiting and queued turns go on. One process per home may do this (the daemon's lock sees to it).
 * Rejects when the folder cannot be used.
 */
export async function openSessions(options: OpenSessionsOptions): Promise<Sessions> {
	const { runner, checkpoints, config, log, maxLoaded = 64, now = () => new Date() } = options;
	const folders = new SessionFolders(options.home);
	await folders.make();
	const environments = new SessionEnvironments();
	const index = new SessionIndex(folders.index);
	const projectRules = await ProjectRules.open(path.join(options.home, "daemon", "project-rules.json"));
	const behind = new Map<string, LiveSession>();
	const questions = new Map<string, string>();
	const listeners = new Map<(sessionId: string) => void, Caller>();
	const quiet = new Set<() => void>();
	let accepting = true;

	const announce = (sessionId: string, ownerUserId: string | null): void => {
		for (const [listener, caller] of listeners) {
			if (maySee(caller, ownerUserId)) {
				listener(sessionId);
			}
		}
	};
	const onProblem = (message: string, error: unknown, sessionId: string): void =>
		log?.("error", message, { sessionId, error: error instanceof Error ? error.message : undefined });
	const onEvents = (events: readonly SessionEvent[], state: SessionState): void => {
		const { id, metadata } = state.file;
		for (const event of events) {
			if (event.type === "permission.request") {
				remember(questions, event.data.permission.id, id);
			}
		}
		const live = store.find(id);
		if (live !== null) {
			behind.set(id, live);
		}
		if (events.some(({ type }) => listed.has(type))) {
			announce(id, metadata.ownerUserId);
		}
		for (const check of quiet) {
			check();
		}
	};
	const around = {
		runner,
		checkpoints,
		config,
		projectRules: (of: string) => projectRules.of(of),
		now,
		accepting: () => accepting,
		onEvents,
		onProblem,
	};
	const refresh = (live: LiveSession): void => {
		behind.delete(live.id);
		try {
			index.update(live.state, live.logBytes);
		} catch (error) {
			onProblem("The index of sessions could not be written; it is made anew at the next start.", error, live.id);
		}
	};
	const store = new SessionStore({ folders, environments, around, environment: options.environment, maxLoaded, onUnload: refresh });
	const parts: SessionParts = {
		...{ folders, environments, store, index, runner, checkpoints, projectRules, config, now, announce, onProblem },
		refreshIndex: () => behind.forEach(refresh),
		onSessionClosed: options.onSessionClosed ?? (async () => undefined),
	};

	const open = await findSessions(parts);
	await Promise.all(open.map((id) => store.use(id, () => done(null))));
	for (const { id, state } of store.live()) {
		for (const { id: permissionId } of state.file.permissions) {
			remember(questions, permissionId, id);
		}
	}
	const tidy = (): Promise<void> => emptyTrash(parts).catch((error: unknown) => onProblem("The trash could not be emptied.", error, ""));
	await tidy();
	const trashTimer = setInterval(tidy, trashIntervalMs);
	trashTimer.unref();

	const running = (): LiveSession[] => store.live().filter(({ turns, state }) => turns.active && !isWaiting(state));
	return {
		...sessionReadings(parts),
		...sessionChanges(parts),
		createTurn: (sessionId, body, key, caller) =>
			withSession(parts, sessionId, caller, ({ turns }) => (caller.ownsDevice ? turns.submit(body, key, caller) : ownersOnly())),
		cancel: (sessionId, turnId, caller) => withSession(parts, sessionId, caller, ({ turns }) => turns.cancel(turnId, caller.clientName)),
		permissions: async (sessionId, caller) => {
			const pending = ({ state }: LiveSession) => [...state.file.permissions];
			if (sessionId !== undefined) {
				return withSession(parts, sessionId, caller, (live) => done(pending(live)));
			}
			const seen = store.live().filter(({ state }) => maySee(caller, state.file.metadata.ownerUserId));
			return done(seen.flatMap(pending));
		},
		answerPermission: async (answer, caller) => {
			const sessionId = questions.get(answer.permissionId);
			if (sessionId === undefined) {
				return failed("not_found", "There is no such question. Read the list of pending ones again.");
			}
			return withSession(parts, sessionId, caller, async ({ desk, workspace }) => {
				if (!caller.ownsDevice) {
					return ownersOnly();
				}
				const given = await desk.answer(answer, caller.clientName, caller.clientId);
				if (!given.ok) {
					return given;
				}
				const { pending, resolution } = given.value;
				if (resolution.scope === "project") {
					await projectRules
						.add(workspace, rulesOf(pending, resolution))
						.catch((error: unknown) => onProblem("What was allowed for a project holds for this session only.", error, sessionId));
				}
				return done(resolution);
			});
		},
		onChanged: (listener, caller) => {
			listeners.set(listener, caller);
			return () => listeners.delete(listener);
		},
		counts: () => {
			const live = store.live();
			const waiting = live.filter(({ state }) => isWaiting(state)).length;
			return {
				total: index.count(),
				loaded: { used: store.loaded, limit: maxLoaded },
				running: running().length,
				waiting,
				subscribers: live.reduce((sum, { hub }) => sum + hub.readers, 0),
			};
		},
		drain: (limitMs) => {
			accepting = false;
			return new Promise((resolve) => {
				const finish = (ended: boolean): void => {
					clearTimeout(timer);
					quiet.delete(check);
					resolve(ended);
				};
				// After the event that ended a turn, its session is free in the next round.
				const check = (): void => {
					setImmediate(() => running().length === 0 && finish(true));
				};
				const timer = setTimeout(() => finish(false), limitMs);
				quiet.add(check);
				check();
			});
		},
		close: async () => {
			accepting = false;
			clearInterval(trashTimer);
			await store.close();
			index.close();
		},
	};
}

/** Turns use this device's tools: they are not for people who may only look. */
function ownersOnly(): Outcome<never> {
	return failed("forbidden", "Only the owner of this device may let an agent work on it.");
}

function remember(questions: Map<string, string>, permissionId: string, sessionId: string): void {
	questions.set(permissionId, sessionId);
	for (const oldest of questions.keys()) {
		if (questions.size <= maxQuestions) {
			return;
		}
		questions.delete(oldest);
	}
}
