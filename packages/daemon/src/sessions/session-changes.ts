import type { SessionFile, SessionInfo, SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import { v7 as newId } from "uuid";
import { untitled } from "../turns/turn-events.ts";
import type { Caller } from "./caller.ts";
import { forkFile } from "./fork-file.ts";
import { foundingEvents } from "./founding-events.ts";
import type { LiveSession } from "./live-session.ts";
import { done, failed, type Outcome } from "./outcome.ts";
import { readSessionFile } from "./read-session-file.ts";
import { realFolder } from "./real-folder.ts";
import { rewindSession } from "./rewind-session.ts";
import type { SessionVariables } from "./session-environment.ts";
import { isSessionId } from "./session-folders.ts";
import { type SessionParts, withSession } from "./session-parts.ts";
import { emptyState, sessionInfo, sessionSnapshot } from "./session-state.ts";
import type { Sessions } from "./sessions.ts";

type Changes = Pick<Sessions, "create" | "update" | "trash" | "restore" | "fork" | "rewind" | "compact" | "import">;

/** What clients change of sessions beside their turns. */
export function sessionChanges(parts: SessionParts): Changes {
	return {
		create: async (body, caller) => {
			const workspace = await realFolder(body.workspace);
			if (workspace === null) {
				return failed("invalid_request", "The workspace is no folder on this computer. Give the absolute path of one.");
			}
			const at = parts.now().toISOString();
			const { model, permissions } = parts.config(workspace);
			const { file } = emptyState(newId(), "", at);
			const metadata = {
				...file.metadata,
				workspace,
				model: body.model ?? model,
				mode: body.mode ?? permissions.mode,
				ownerUserId: caller.userId,
				deviceId: caller.deviceId,
				named: body.title !== undefined,
			};
			return found(parts, { ...file, title: body.title ?? untitled, metadata }, caller, body.environment ?? null);
		},
		update: (sessionId, body, caller) =>
			withSession(parts, sessionId, caller, (live) =>
				updateInfo(live, caller, ({ title, metadata, ...rest }) => ({
					...rest,
					title: body.title ?? title,
					metadata: {
						...metadata,
						named: metadata.named || body.title !== undefined,
						model: body.model ?? metadata.model,
						mode: body.mode ?? metadata.mode,
					},
				})),
			),
		trash: async (sessionId, caller) => {
			const trashed = await withSession(parts, sessionId, caller, async (live) => {
				await live.turns.cancel(undefined, caller.clientName);
				await live.turns.settled();
				await parts.onSessionClosed(sessionId);
				return setTrashed(live, caller, parts.now().toISOString());
			});
			return trashed.ok ? moved(parts, trashed.value, "used") : trashed;
		},
		restore: async (sessionId, caller) => {
			const restored = await withSession(parts, sessionId, caller, (live) => setTrashed(live, caller, null));
			return restored.ok ? moved(parts, restored.value, "trash") : restored;
		},
		fork: (sessionId, body, caller) =>
			withSession(parts, sessionId, caller, async ({ state, environment }) => {
				const file = forkFile(state.file, { ...body, sessionId: newId(), at: parts.now().toISOString() });
				if (file === null) {
					return failed("not_found", "There is no such message in this session. Read it again.");
				}
				const turnIds = [...new Set(file.messages.flatMap(({ turnId }) => turnId ?? []))];
				const forked = await found(parts, file, caller, environment);
				if (forked.ok) {
					await parts.checkpoints.fork(sessionId, file.id, turnIds);
				}
				return forked;
			}),
		rewind: (sessionId, body, caller) =>
			withSession(parts, sessionId, caller, (live) => rewindSession(live, parts.checkpoints, body, caller.clientId)),
		compact: (sessionId, caller) =>
			withSession(parts, sessionId, caller, (live) =>
				live.turns.exclusive(async (signal) => {
					const summary = await parts.runner.summarize(live.state.file, signal);
					if (summary === null) {
						return done(sessionInfo(live.state));
					}
					const stored = await live.journal.commit(({ state, at }) => {
						const data = { session: sessionInfo(state), compaction: { ...summary, at }, messages: "compacted" as const };
						return done([{ event: { type: "session.updated", data }, clientId: caller.clientId }]);
					});
					return stored.ok ? done(sessionInfo(live.state)) : stored;
				}),
			),
		import: async (json, caller) => {
			const at = parts.now().toISOString();
			const file = readSessionFile(json, at);
			if (file === null) {
				return failed("invalid_request", "This is no file of a session that this version can read. Export it again.");
			}
			const there = await parts.store.use(file.id, () => done(null));
			const free = isSessionId(file.id) && !there.ok && there.error.code === "not_found";
			const { metadata } = file;
			// How much an agent may do is not for a file to say.
			const { mode } = parts.config(metadata.workspace).permissions;
			const own = { ...metadata, mode, ownerUserId: caller.userId, deviceId: caller.deviceId, trashedAt: null, lastSeq: 0, epoch: "" };
			return found(parts, { ...file, id: free ? file.id : newId(), metadata: own, permissions: [] }, caller, null);
		},
	};
}

/** Puts a new session on the disk and reads it back. */
async function found(
	parts: SessionParts,
	file: SessionFile,
	caller: Caller,
	environment: SessionVariables | null,
): Promise<Outcome<SessionSnapshot>> {
	const created = await parts.store.create(file.id, foundingEvents(file, [], parts.now().toISOString()), environment);
	if (!created.ok) {
		return created;
	}
	return parts.store.use(file.id, (live) => {
		live.save();
		parts.index.update(live.state, live.logBytes);
		parts.announce(file.id, caller.userId);
		return done(sessionSnapshot(live.state));
	});
}

async function updateInfo(
	live: LiveSession,
	{ clientId }: Caller,
	change: (info: SessionInfo) => SessionInfo,
): Promise<Outcome<SessionInfo>> {
	const stored = await live.journal.commit(({ state }) =>
		done([{ event: { type: "session.updated", data: { session: change(sessionInfo(state)) } }, clientId }]),
	);
	return stored.ok ? done(sessionInfo(live.state)) : stored;
}

/** Says that a session is in the trash, or is not; `changed` is false where that was so already. */
async function setTrashed(
	live: LiveSession,
	caller: Caller,
	trashedAt: string | null,
): Promise<Outcome<{ info: SessionInfo; changed: boolean }>> {
	const info = sessionInfo(live.state);
	if ((info.metadata.trashedAt === null) === (trashedAt === null)) {
		return done({ info, changed: false });
	}
	const updated = await updateInfo(live, caller, (now) => ({ ...now, metadata: { ...now.metadata, trashedAt } }));
	return updated.ok ? done({ info: updated.value, changed: true }) : updated;
}

/** Moves the files to where the session says it is. A failure is made good at the next start. */
async function moved(
	parts: SessionParts,
	{ info, changed }: { info: SessionInfo; changed: boolean },
	from: "used" | "trash",
): Promise<Outcome<SessionInfo>> {
	try {
		if (changed) {
			await parts.store.move(info.id, from);
		}
	} catch (error) {
		parts.onProblem("The files of a session could not be moved; the next start tries again.", error, info.id);
	}
	return done(info);
}
