import type { EventList, SessionEvent } from "@opta/contracts/schema/daemon-events";
import { parseCursor } from "../hub/event-cursor.ts";
import type { Caller } from "./caller.ts";
import { exportMarkdown } from "./export-markdown.ts";
import { done, failed, type Outcome } from "./outcome.ts";
import { realFolder } from "./real-folder.ts";
import type { IndexedSession, IndexQuery } from "./session-index.ts";
import { type SessionParts, withSession } from "./session-parts.ts";
import { isWaiting, sessionSnapshot } from "./session-state.ts";
import type { SessionFilter, Sessions } from "./sessions.ts";

const defaultLimit = 50;

/** What clients read of sessions. */
export function sessionReadings(parts: SessionParts): Pick<Sessions, "list" | "read" | "export" | "events" | "subscribe" | "diff"> {
	return {
		list: async (filter, caller) => {
			const { workspace } = filter;
			const folder = workspace === undefined ? {} : { workspace: (await realFolder(workspace)) ?? workspace };
			const query = indexQuery({ ...filter, ...folder });
			if (!query.ok) {
				return query;
			}
			const { limit } = query.value;
			const found = findListed(parts, { ...query.value, limit: limit + 1 }, caller);
			if (found === null) {
				return failed("unavailable", "The index of sessions cannot be read. Restart the daemon: it is made anew then.");
			}
			const open = new Map(parts.store.live().map(({ id, state }) => [id, state]));
			const sessions = found.slice(0, limit).map(({ info, ...rest }) => {
				const state = open.get(info.id);
				const waiting = state !== undefined && isWaiting(state);
				return { ...info, running: state !== undefined && state.turns.length > 0 && !waiting, waiting, ...rest };
			});
			const last = sessions.at(-1);
			const more = found.length > limit && last !== undefined;
			return done({ sessions, nextCursor: more ? `${last.metadata.updatedAt}~${last.id}` : null });
		},
		read: (sessionId, caller) => withSession(parts, sessionId, caller, ({ state }) => done(sessionSnapshot(state))),
		export: (sessionId, format, caller) =>
			withSession(parts, sessionId, caller, ({ state: { file } }) =>
				done(format === "markdown" ? exportMarkdown(file) : `${JSON.stringify({ ...file, permissions: [] }, null, "\t")}\n`),
			),
		diff: (sessionId, caller) =>
			withSession(parts, sessionId, caller, async ({ workspace }) => done(await parts.checkpoints.diff(sessionId, workspace))),
		events: (sessionId, after, limit, caller) =>
			withSession<EventList>(parts, sessionId, caller, async (live) => {
				const { epoch, lastSeq } = live.state.file.metadata;
				const cursor = parseCursor(after);
				if (cursor === "malformed" || (cursor !== "start" && (cursor.epoch !== epoch || cursor.seq > lastSeq))) {
					return failed("invalid_request", "This cursor is not one of the session as it is now. Begin with 0.");
				}
				const events: SessionEvent[] = [];
				for await (const event of live.readEvents(cursor === "start" ? 0 : cursor.seq)) {
					if (events.length === limit) {
						return done({ events, more: true });
					}
					events.push(event);
				}
				return done({ events, more: false });
			}),
		subscribe: (sessionId, after, sink, caller) => withSession(parts, sessionId, caller, ({ hub }) => hub.subscribe(after, sink)),
	};
}

function findListed(parts: SessionParts, query: IndexQuery, caller: Caller): IndexedSession[] | null {
	try {
		parts.refreshIndex();
		return parts.index.list(query, caller);
	} catch (error) {
		parts.onProblem("The index of sessions could not be read.", error, "");
		return null;
	}
}

function indexQuery(filter: SessionFilter): Outcome<IndexQuery> {
	const { query, workspace, trashed = false, limit = defaultLimit, cursor } = filter;
	const [, updatedAt, id] = /^([0-9TZ:.-]{20,30})~([A-Za-z0-9_-]{1,128})$/.exec(cursor ?? "") ?? [];
	if (cursor !== undefined && (updatedAt === undefined || id === undefined)) {
		return failed("invalid_request", "This cursor is not one that a list gave. Begin without one.");
	}
	return done({
		trashed,
		limit,
		...(query === undefined ? {} : { query }),
		...(workspace === undefined ? {} : { workspace }),
		...(updatedAt === undefined || id === undefined ? {} : { after: { updatedAt, id } }),
	});
}
